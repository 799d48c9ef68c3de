<%
  String wanted = (String) request.getAttribute("wanted");
  boolean more = !wanted.equals(request.getContextPath() + "/");
%>
<section class="card door" data-wanted="<%= Html.text(wanted) %>">
  <img src="<%= ctx %>/assets/mark.svg" alt="" width="56" height="56">
  <h1>Sign in to go on</h1>
  <p class="lead"><% if (more) { %>Then we take you to <code><%= Html.text(wanted) %></code>.<% } else { %>Your claims are waiting.<% } %></p>
  <% if ("loop".equals(request.getParameter("reason"))) { %>
  <p class="empty" role="alert">You are signed in at the provider, but this page refused that again and again.</p>
  <% } %>
  <% if (frontEnd.script() == null) { %>
  <p class="empty">No provider script is named: set <code>DEMO_FRONT_END</code>.</p>
  <% } else { %>
  <button type="button" class="button wide" id="go-sign-in">Continue<%= frontEnd.standIn() == null ? "" : " with Lantern ID" %></button>
  <% if (frontEnd.standIn() != null) { %><p><small>You pick a person there and come back here. No password.</small></p><% } %>
  <noscript><p class="empty">Signing in needs scripts.</p></noscript>
  <% } %>
</section>
