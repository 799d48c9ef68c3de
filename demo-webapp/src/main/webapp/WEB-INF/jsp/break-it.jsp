<%
  String note = (String) request.getAttribute("note");
  String faultsPath = (String) request.getAttribute("faultsPath");
  String standIn = frontEnd.standIn();
  String clock = String.valueOf(request.getParameter("clock"));
  String[][] clocks = {{"", "Right"}, {"600", "10 min fast"}, {"-600", "10 min slow"}};
%>
<h1>Try to break it</h1>
<p class="lead">Each button is something that happens to real pages. While the token is good, nothing here may sign you out, and all of it must mend itself.</p>
<% if (!viewer.isSignedIn()) { %>
<p class="card">There is nothing to break yet: <a href="<%= ctx %>/login?return=<%= ctx %>/break-it">sign in first</a>.</p>
<% } %>
<section class="card now" aria-labelledby="now" data-break-it data-whoami="<%= ctx %>/account/whoami.json" data-user="<%= Html.text(viewer.isSignedIn() ? viewer.subject() : "") %>"<%
  if (faultsPath != null) { %> data-faults="<%= ctx + Html.text(faultsPath) %>"<% }
  if (standIn != null) { %> data-provider="<%= Html.text(standIn) %>"<% } %>>
  <h2 id="now">Right now</h2>
  <dl class="facts">
    <div><dt>The script says</dt><dd id="script-says">starting</dd></div>
    <div><dt>The server says</dt><dd id="server-says">–</dd></div>
    <div><dt>The token has</dt><dd><output id="token-left">–</output></dd></div>
  </dl>
  <div class="strip" id="strip" role="img" aria-label="The server’s answers of the last two minutes"></div>
  <p class="legend"><small>The server’s answers of the last two minutes: <i class="in"></i> signed in <i class="out"></i> signed out <i class="later"></i> 503 <i class="gone"></i> not reached</small></p>
</section>

<div class="two wide-left bench">
<section class="card" aria-labelledby="faults">
  <h2 id="faults">Faults</h2>
  <div class="three">
    <div class="fault">
      <button type="button" class="button ghost" aria-pressed="false" data-press="offline">Browser offline</button>
      <small>The page’s requests fail until you press again. You stay signed in, and moments after the return it has caught up.</small>
    </div>
    <% if (standIn != null) { %>
    <div class="fault">
      <button type="button" class="button ghost" aria-pressed="false" data-press="tokens" data-fault="slow" data-seconds="60">Slow provider</button>
      <small>Each token takes eight seconds, for a minute. Nothing to see: it asks early, and the old token counts meanwhile.</small>
    </div>
    <div class="fault">
      <button type="button" class="button ghost" aria-pressed="false" data-press="tokens" data-fault="fail" data-seconds="35">Provider error</button>
      <small>Token calls answer 500, for 35 seconds. When the token runs out it backs off; you stay signed in, and it recovers.</small>
    </div>
    <div class="fault">
      <button type="button" class="button ghost" data-press="tokens" data-fault="refuse-once" data-seconds="600">Provider says 401 once</button>
      <small>The next token call is refused. It asks again half a second later.</small>
    </div>
    <div class="fault">
      <button type="button" class="button ghost" aria-pressed="false" data-press="tokens" data-fault="refuse" data-seconds="35">Provider says 401</button>
      <small>To every token call, for 35 seconds. The provider still names you, so this is an error and no sign-out.</small>
    </div>
    <% } if (faultsPath != null) { %>
    <div class="fault">
      <button type="button" class="button ghost" aria-pressed="false" data-press="sync" data-fault="fail" data-seconds="30">Server 503</button>
      <small>Posts of new tokens get 503 before the filter sees them, for 30 seconds. The token you have goes on counting.</small>
    </div>
    <div class="fault">
      <button type="button" class="button ghost" data-press="expire">Expire now</button>
      <small>The token cookie ends at once. The server says 401 until the script, by itself, has brought the next one.</small>
    </div>
    <% } %>
    <div class="fault">
      <button type="button" class="button ghost" data-press="ask">Ask for a token now</button>
      <small>No fault: has the script ask without waiting for its timer, so that the others show sooner.</small>
    </div>
    <div class="fault">
      <p class="clocks" role="group" aria-label="Clock off"><span>Clock</span>
        <% for (String[] each : clocks) { %><a class="button ghost" href="<%= ctx %>/break-it<%= each[0].isEmpty() ? "" : "?clock=" + each[0] %>"<%= each[0].equals(clock) || (each[0].isEmpty() && clock.equals("null")) ? " aria-current=\"true\"" : "" %>><%= each[1] %></a><% } %>
      </p>
      <small>Loads the page again with a wrong clock. You stay signed in, with no more requests than with a right one.</small>
    </div>
  </div>
  <p class="more"><small>And what no button can do: close the lid for five minutes, then open it.</small></p>
</section>

<section class="card" aria-labelledby="happened">
  <h2 id="happened">What happened</h2>
  <ol class="events timeline" id="timeline"><li class="empty">Nothing yet.</li></ol>
</section>
</div>

<form class="card bench" id="note-form" method="post" action="<%= ctx %>/break-it">
  <h2><label for="note">A note for the claim</label></h2>
  <textarea id="note" name="note" rows="3" maxlength="500" required placeholder="Type here, break something, then keep it."></textarea>
  <button class="button">Keep it</button>
  <p role="status" id="note-state"></p>
  <p>On the server: <q id="kept"><%= note == null ? "nothing yet" : Html.text(note) %></q></p>
</form>
