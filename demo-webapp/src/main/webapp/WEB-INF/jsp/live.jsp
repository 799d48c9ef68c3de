<h1>Live view</h1>
<p class="lead">What the filter sees, asked again every two seconds.</p>
<div class="two" data-live="<%= ctx %>/live/events.json">
  <section class="card" aria-labelledby="sees">
    <h2 id="sees">This browser</h2>
    <div class="person">
      <span class="face big" id="live-face" aria-hidden="true"><%= viewer.isSignedIn() ? Html.text(viewer.initials()) : "?" %></span>
      <p><b id="live-name"><%= Html.text(viewer.name()) %></b><br><small id="live-user"><%= Html.text(viewer.isSignedIn() ? viewer.subject() : "nobody is signed in") %></small></p>
    </div>
    <p class="life"><label for="life">Token</label> <meter id="life" min="0" max="1" value="0"></meter> <output id="left">–</output></p>
    <dl>
      <div><dt>Roles</dt><dd id="live-roles"><%= viewer.roles().isEmpty() ? "none" : Html.text(String.join(", ", viewer.roles())) %></dd></div>
      <div><dt>Login</dt><dd><code id="live-login"><%= Html.text(viewer.loginId() == null ? "none" : viewer.loginId()) %></code></dd></div>
      <div><dt>Session</dt><dd><code id="live-session"><%= viewer.session() == null ? "none" : Html.text(viewer.session()) + "…" %></code></dd></div>
    </dl>
  </section>
  <section class="card" aria-labelledby="heard">
    <h2 id="heard">What listeners heard</h2>
    <ol class="events" id="events"><li class="empty">Nothing yet.</li></ol>
  </section>
</div>
<% if (frontEnd.standIn() != null) {
  String provider = Html.text(frontEnd.standIn());
  String back = Html.text(request.getRequestURL().toString().replaceAll("/WEB-INF/.*", "/live"));
  String[][] buttons = {
      {"/control/rotate?keep=60", "Rotate keys", "A new key signs; the old one stays published for a minute."},
      {"/control/down?seconds=30", "Take it down for 30 s", "Keys and tokens answer 503."},
      {"/control/end-logins", "Expire logins now", "As an administrator would. The next token is refused."}};
%>
<section class="card bench" aria-labelledby="bench">
  <h2 id="bench">Trouble at the provider</h2>
  <div class="three">
    <% for (String[] button : buttons) { %>
    <form method="post" action="<%= provider + button[0] %>">
      <input type="hidden" name="redirect_url" value="<%= back %>">
      <button class="button ghost"><%= button[1] %></button>
      <small><%= button[2] %></small>
    </form>
    <% } %>
  </div>
</section>
<% } %>
