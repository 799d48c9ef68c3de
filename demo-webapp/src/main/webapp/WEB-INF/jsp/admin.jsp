<%@ page import="io.github.signinsync.demo.pages.SentClaims.Sent" %>
<%@ page import="java.util.List" %>
<% List<?> claims = (List<?>) request.getAttribute("claims"); %>
<h1>All claims</h1>
<p class="lead">You see this because <code>isUserInRole("admin")</code> says yes.</p>
<section class="card">
  <% if (claims.isEmpty()) { %>
  <p class="empty">Nobody has sent a claim yet.</p>
  <% } else { %>
  <ul class="rows">
    <% for (Object each : claims) { Sent claim = (Sent) each; %>
    <li><b><%= Html.text(claim.draft().destination()) %></b><span><%= Html.text(claim.name()) %>: <%= Html.text(claim.draft().item()) %></span><em><%= Html.text(claim.draft().amount()) %></em></li>
    <% } %>
  </ul>
  <% } %>
</section>
