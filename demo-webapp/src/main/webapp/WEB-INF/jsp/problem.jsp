<% if ((Boolean) request.getAttribute("forbidden")) { %>
<section class="card door">
  <h1>Not for you</h1>
  <p class="lead">This page needs the role <code>admin</code><%= viewer.isSignedIn() ? ", and " + Html.text(viewer.name()) + " does not have it" : "" %>.</p>
  <p><a class="button" href="<%= ctx %>/">Back to the start</a></p>
</section>
<% } else { %>
<section class="card door">
  <h1>Nothing here</h1>
  <p class="lead">There is no page at this address.</p>
  <p><a class="button" href="<%= ctx %>/">Back to the start</a></p>
</section>
<% } %>
