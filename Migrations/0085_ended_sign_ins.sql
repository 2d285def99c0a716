-- Whoever ends a sign-in, because a machine was lost or a password is known, ends what that machine is told as well.
alter table app.session
  add column browser bytea check (length(browser) = 32);                -- SHA-256 of what the browser is known by; NULL: a program
alter table app.push_registration
  add column family uuid;                                               -- the sign-in that a program registered in; NULL: a browser
