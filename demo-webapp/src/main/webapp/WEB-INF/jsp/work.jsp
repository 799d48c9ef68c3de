<%@ page import="io.github.signinsync.demo.pages.Draft" %>
<%@ page import="java.net.URLEncoder" %>
<%@ page import="java.nio.charset.StandardCharsets" %>
<%
  Draft draft = (Draft) request.getAttribute("draft");
  int step = (Integer) request.getAttribute("step");
  String[] steps = {"The trip", "The costs", "Check and send"};
%>
<h1>New claim</h1>
<ol class="steps">
  <% for (int i = 0; i < steps.length; i++) { %>
  <li<%= i + 1 == step ? " aria-current=\"step\"" : i + 1 < step ? " class=\"done\"" : "" %>><a href="<%= ctx %>/work?step=<%= i + 1 %>"><%= steps[i] %></a></li>
  <% } %>
</ol>
<div class="two wide-left">
  <form class="card" method="post" action="<%= ctx %>/work" data-fresh>
    <input type="hidden" name="step" value="<%= step %>">
    <% if (step == 1) { %>
    <label>Where did you go? <input name="destination" required maxlength="120" autocomplete="off" value="<%= Html.text(draft.destination()) %>" placeholder="Bergen, two nights"></label>
    <label>What for? <input name="reason" maxlength="120" autocomplete="off" value="<%= Html.text(draft.reason()) %>" placeholder="Meeting the harbour authority"></label>
    <button class="button">Next: the costs</button>
    <% } else if (step == 2) { %>
    <label>What did you pay for? <input name="item" required maxlength="120" autocomplete="off" value="<%= Html.text(draft.item()) %>" placeholder="Ferry and hotel"></label>
    <label>How much? <input name="amount" required maxlength="120" inputmode="decimal" autocomplete="off" value="<%= Html.text(draft.amount()) %>" placeholder="412.50 EUR"></label>
    <button class="button">Next: check and send</button>
    <% } else { %>
    <p class="total"><%= draft.amount().isEmpty() ? "No amount yet" : Html.text(draft.amount()) %></p>
    <% if (viewer.isSignedIn()) { %>
    <p>Sent in the name of <b><%= Html.text(viewer.name()) %></b>.</p>
    <button class="button">Send the claim</button>
    <% } else { %>
    <p>Almost there. Sign in, and your draft comes along.</p>
    <a class="button" href="<%= ctx %>/login?return=<%= URLEncoder.encode(request.getContextPath() + "/work?step=3", StandardCharsets.UTF_8) %>">Sign in to send</a>
    <% } } %>
  </form>
  <aside class="card" aria-labelledby="sofar">
    <h2 id="sofar">So far</h2>
    <% if (draft.equals(new Draft("", "", "", ""))) { %>
    <p class="empty">Nothing yet. What you write is kept in the HTTP session.</p>
    <% } else { %>
    <dl id="draft">
      <div><dt>Where</dt><dd><%= Html.text(draft.destination()) %></dd></div>
      <% if (!draft.reason().isEmpty()) { %><div><dt>What for</dt><dd><%= Html.text(draft.reason()) %></dd></div><% } %>
      <% if (!draft.item().isEmpty()) { %><div><dt>Costs</dt><dd><%= Html.text(draft.item()) %></dd></div><% } %>
      <% if (!draft.amount().isEmpty()) { %><div><dt>Amount</dt><dd><%= Html.text(draft.amount()) %></dd></div><% } %>
    </dl>
    <% } %>
  </aside>
</div>
