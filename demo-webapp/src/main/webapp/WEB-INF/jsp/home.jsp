<section class="hero">
  <div>
    <h1>Travel claims without the paperwork.</h1>
    <p class="lead">Write a claim in three short steps, leave it, come back to it. It waits for you, and for nobody else.</p>
    <p class="actions">
      <a class="button" href="<%= ctx %>/work">Start a claim</a>
      <% if (viewer.isSignedIn()) { %><a class="button ghost" href="<%= ctx %>/account">Your account</a>
      <% } else { %><a class="button ghost" href="<%= ctx %>/login">Sign in</a><% } %>
    </p>
  </div>
  <aside class="card badge" aria-labelledby="now">
    <h2 id="now">The server says</h2>
    <div class="person">
      <span class="face big" aria-hidden="true"><%= viewer.isSignedIn() ? Html.text(viewer.initials()) : "?" %></span>
      <p><b><%= Html.text(viewer.name()) %></b><br><small><%= viewer.isSignedIn() ? Html.text(viewer.subject()) : "You are a visitor." %></small></p>
    </div>
    <dl>
      <div><dt>Roles</dt><dd><%= viewer.roles().isEmpty() ? "none" : Html.text(String.join(", ", viewer.roles())) %></dd></div>
      <div><dt>Session</dt><dd><%= viewer.session() == null ? "none" : "<code>" + Html.text(viewer.session()) + "…</code>" %></dd></div>
      <% if (viewer.expires() > 0) { %>
      <div><dt>This token</dt><dd data-until="<%= viewer.expires() %>">short-lived</dd></div>
      <% } %>
    </dl>
  </aside>
</section>

<section aria-labelledby="try">
  <h2 id="try">Five things to try</h2>
  <ol class="tries">
    <li class="card"><h3>Outlive the token</h3><p>Sign in, start a claim, wait. Tokens last half a minute; you stay signed in, and your draft stays yours.</p><a href="<%= ctx %>/work">Start a claim</a></li>
    <li class="card"><h3>Rotate the keys</h3><p>The provider signs with a new key. The filter fetches it when the first token needs it.</p><a href="<%= ctx %>/live">Open the live view</a></li>
    <li class="card"><h3>Take the provider down</h3><p>Thirty seconds of 503. Signed-in people go on working, because keys are kept and failures are no sign-out.</p><a href="<%= ctx %>/live">Open the live view</a></li>
    <li class="card"><h3>Become somebody else</h3><p>Pick another person at the provider. Their session is new; the draft of the one before is gone.</p><% if (frontEnd.standIn() != null) { %><a href="<%= Html.text(frontEnd.standIn()) %>/">Go to the provider</a><% } else { %><a href="<%= ctx %>/login">Sign in</a><% } %></li>
    <li class="card"><h3>Sign out, then go back</h3><p>Open your account, sign out, press Back. There is nothing left to see, in any tab.</p><a href="<%= ctx %>/account">Open your account</a></li>
  </ol>
</section>
