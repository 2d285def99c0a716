package main

// The markup of Portico's own page, element by element.
const markup = `<!doctype html>
<html lang="en" data-theme="{{ .Session.Theme }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Faults – Portico Bench</title>
<link rel="preload" href="/a/inter-0123456789abcdef.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/a/app-0123456789abcdef.css">
<link rel="stylesheet" href="/brand/bench-0123456789abcdef.css">
<link rel="icon" href="/a/favicon-0123456789abcdef.svg" type="image/svg+xml">
<script type="module" src="/a/form-0123456789abcdef.js"></script>
<script type="module" src="/a/table-0123456789abcdef.js"></script>
</head>
<body class="shell" data-user="{{ .Session.MemberID }}">
<a class="skip" href="#main">Skip to content</a>
<header class="topbar">
<a class="company" href="/">
<span class="company-mark" aria-hidden="true">P</span>
<span>Portico Bench</span>
</a>
<form class="search-box" method="get" action="/search" role="search" aria-label="Search everything" data-m="search" data-module="/a/search-0123456789abcdef.js" data-hits="/search/hits" data-found="Suggestions:">
<label class="visually-hidden" for="site-search">Search everything</label>
<svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#search"></use></svg>
<input type="search" id="site-search" name="q" maxlength="200" placeholder="Search" autocomplete="off" dir="auto">
<div class="search-hits" id="site-search-hits" hidden></div>
<p class="visually-hidden" role="status"></p>
</form>
<a class="button quiet icon-only search-link" href="/search" aria-label="Search everything"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#search"></use></svg></a>
<a class="button quiet icon-only bell" href="/notifications" aria-label="Notices, {{ .Session.Unread }} unread"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#bell"></use></svg>{{ if .Session.Unread }}<span class="count loud" aria-hidden="true">{{ .Session.Unread }}</span>{{ end }}</a>
<button class="avatar-button" type="button" popovertarget="account-menu" aria-label="Account of {{ .Session.Name }}"><span class="avatar" aria-hidden="true">MK</span></button>
<div class="menu account" id="account-menu" popover>
<div class="who"><b dir="auto">{{ .Session.Name }}</b><span>Manager</span></div>
<ul><li><a href="/account"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#gear"></use></svg>Settings</a></li></ul>
<form method="post" action="/logout">
<input type="hidden" name="csrf_token" value="{{ .CSRF }}">
<input type="hidden" name="form_key" value="{{ .FormKey }}">
<button type="submit"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#box-arrow-right"></use></svg>Sign out</button>
</form>
</div>
</header>
<nav class="sidebar" aria-label="Main">
<ul>
{{ range .Items }}<li><a href="{{ .Path }}"{{ if .Current }} aria-current="page"{{ end }}><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#{{ .Icon }}"></use></svg><span>{{ .Label }}</span>{{ if .Count }}<span class="count">{{ .Count }}</span>{{ end }}</a></li>{{ end }}
</ul>
</nav>
<main class="main" id="main" tabindex="-1">
<div class="page-head">
<div><div class="heading"><h1 dir="auto">Faults</h1></div>
<div class="actions"><a class="button quiet" href="/faults/codes"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#door-open"></use></svg>QR sheets</a><a class="button quiet" href="/faults/technicians"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#people"></use></svg>Technicians</a><a class="button " href="/faults/board"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#activity"></use></svg>Board</a><a class="button primary" href="/faults/new"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#plus-lg"></use></svg>Report a fault</a></div>
</div>
</div>
<form class="filters" method="get" action="/faults" role="search" data-auto>
<div class="field search">
<label for="f-q">Search</label>
<input type="search" id="f-q" name="q" value="" dir="auto" maxlength="200">
</div>
<div class="field">
<label for="f-state">State</label>
<select id="f-state" name="state">
<option value="">Any state</option>
{{ range .States }}<option value="{{ .Value }}">{{ .Label }}</option>{{ end }}
</select>
</div>
<div class="field">
<label for="f-category">Category</label>
<select id="f-category" name="category">
<option value="">All categories</option>
{{ range .Categories }}<option value="{{ .Value }}">{{ .Label }}</option>{{ end }}
</select>
</div>
<div class="field">
<label for="f-building">Building</label>
<select id="f-building" name="building">
<option value="">All buildings</option>
{{ range .Buildings }}<option value="{{ .Value }}">{{ .Label }}</option>{{ end }}
</select>
</div>
<div class="field">
<label for="f-assignee">Assigned to</label>
<select id="f-assignee" name="assignee">
<option value="">Anybody</option>
<option value="me">Me</option><option value="none">Nobody</option>{{ range .People }}<option value="{{ .Value }}">{{ .Label }}</option>{{ end }}
</select>
</div>
<div class="field">
<label for="f-month">Reported</label>
<select id="f-month" name="month">
<option value="">At any time</option>
{{ range .Months }}<option value="{{ .Value }}">{{ .Label }}</option>{{ end }}
</select>
</div>
<div class="field">
<label for="f-due">Due</label>
<select id="f-due" name="due">
<option value="">On any day</option>
{{ range .Days }}<option value="{{ .Value }}">{{ .Label }}</option>{{ end }}
</select>
</div>
<div class="actions"><button class="button" type="submit">Apply</button></div>
</form>
<div class="list">
<div class="list-bar">
<p role="status">{{ .Summary }}</p>
<div class="actions">
<button class="button quiet small wide-only" type="button" data-keys-button hidden>Keyboard</button>
<a class="button quiet small" href="/faults.csv"><svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#download"></use></svg>CSV</a>
</div>
</div>
{{ if .Views }}<nav class="tabs" aria-label="Saved views"><ul>{{ range .Views }}<li><a href="{{ .Path }}">{{ .Label }}</a></li>{{ end }}</ul></nav>{{ end }}
<form id="bulk" method="get" action="/faults/batch"></form>
<div class="table-wrap" role="region" tabindex="0" aria-labelledby="list-caption" data-m="table">
<table class="table cards">
<caption class="visually-hidden" id="list-caption">Faults</caption>
<thead><tr><th scope="col"><span class="visually-hidden">Choose</span></th><th scope="col">Fault</th><th scope="col">State</th><th scope="col">Category</th><th scope="col">Assigned to</th><th scope="col">Due</th><th scope="col" aria-sort="descending">Reported</th></tr></thead>
<tbody>{{ range .Rows }}<tr>
<td><input type="checkbox" form="bulk" name="fault_ids" value="{{ .ID }}" aria-label="{{ .Number }}"></td>
<th scope="row"><a class="title" href="{{ .Path }}" dir="auto">{{ .Title }}</a><span class="sub">{{ .Number }} · {{ .Place }}</span></th>
<td data-label="State"><span class="badges">{{ range .Badges }}<span class="badge" data-tone="{{ .Tone }}">{{ if .Mark }}<span class="mark" data-mark="{{ .Mark }}" aria-hidden="true"></span>{{ end }}{{ .Text }}</span>{{ end }}</span></td>
<td data-label="Category">{{ .Category }}</td>
<td data-label="Assigned to" dir="auto">{{ if .Assignee }}{{ .Assignee }}{{ else }}<span class="muted">Nobody</span>{{ end }}</td>
<td class="when" data-label="Due">{{ if .Due }}<time datetime="{{ .Due.ISO }}">{{ .Due.Text }}</time>{{ end }}</td>
<td class="when" data-label="Reported"><time datetime="{{ .Reported.ISO }}">{{ .Reported.Text }}</time></td>
</tr>{{ end }}</tbody>
</table>
</div>
<div class="bulk-bar actions">
<button class="button small" form="bulk">Change ticked ones</button>
<button class="button small" form="bulk" name="all" value="1">Change all {{ .Summary }}</button>
<button class="button small" form="bulk" formaction="/faults/sheets" name="sheets" value="1">Print ticked ones</button>
<button class="button small" form="bulk" formaction="/faults/sheets" name="all" value="1">Print the first 50 sheets</button>
<button class="button small" form="bulk" formaction="/incidents/new">Declare an outage from ticked ones</button>
</div>
<nav class="pager" aria-label="Pages">
<p>{{ .Summary }}</p>
<div class="actions">
{{ if .Next }}<a class="button small" rel="next" href="{{ .Next }}">Next<svg class="icon" aria-hidden="true"><use href="/a/icons-0123456789abcdef.svg#chevron-right"></use></svg></a>{{ end }}
</div>
</nav>
</div>
<dialog id="keys" aria-labelledby="keys-title">
<form class="body" method="dialog">
<h2 id="keys-title">Keys on lists</h2>
<dl class="facts">
<div><dt><kbd>/</kbd></dt><dd>Search</dd></div>
<div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>Next and previous row</dd></div>
<div><dt><kbd>Enter</kbd></dt><dd>Open the row</dd></div>
<div><dt><kbd>?</kbd></dt><dd>This overview</dd></div>
</dl>
<label class="choice bare"><input type="checkbox"><span>One-letter keys are on</span></label>
<div class="actions"><button class="button">Close</button></div>
</form>
</dialog>
<footer class="footer"><span>Portico Bench</span></footer>
</main>
</body>
</html>
`
