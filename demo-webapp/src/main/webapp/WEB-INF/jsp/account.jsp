<%@ page import="io.github.signinsync.demo.pages.SentClaims.Sent" %>
<%@ page import="java.util.List" %>
<% List<?> claims = (List<?>) request.getAttribute("claims"); %>
<h1>Hello, <%= Html.text(viewer.name()) %>.</h1>
<p class="lead">Only you can see this page. The server checked a signed token to show it.</p>
<div class="two">
  <section class="card" aria-labelledby="you">
    <h2 id="you">Who you are here</h2>
    <dl>
      <div><dt>Name</dt><dd><%= Html.text(viewer.name()) %></dd></div>
      <div><dt>Subject</dt><dd><data id="subject" value="<%= Html.text(viewer.subject()) %>"><code><%= Html.text(viewer.subject()) %></code></data></dd></div>
      <div><dt>Roles</dt><dd><% for (String role : viewer.roles()) { %><span class="tag"><%= Html.text(role) %></span> <% } %></dd></div>
      <div><dt>Login</dt><dd><code><%= Html.text(viewer.loginId() == null ? "not named" : viewer.loginId()) %></code></dd></div>
      <div><dt>Session</dt><dd><%= viewer.session() == null ? "none yet" : "<code>" + Html.text(viewer.session()) + "…</code>" %></dd></div>
      <div><dt>This token</dt><dd data-until="<%= viewer.expires() %>">short-lived</dd></div>
    </dl>
  </section>
  <section class="card" aria-labelledby="sent">
    <h2 id="sent">Your claims</h2>
    <% if (claims.isEmpty()) { %>
    <p class="empty">Nothing sent yet.</p>
    <p><a class="button small" href="<%= ctx %>/work">Start a claim</a></p>
    <% } else { %>
    <ul class="rows">
      <% for (Object each : claims) { Sent claim = (Sent) each; %>
      <li><b><%= Html.text(claim.draft().destination()) %></b><span><%= Html.text(claim.draft().item()) %></span><em><%= Html.text(claim.draft().amount()) %></em></li>
      <% } %>
    </ul>
    <% } %>
  </section>
</div>
