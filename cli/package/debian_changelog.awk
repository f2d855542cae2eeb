# CHANGELOG.md (keepachangelog.com) as Debian writes it. Variables: version, the one of the binary; date and zone of the
# unreleased changes, as RFC 2822 has them; maintainer.
# What was collected of one change, in lines of at most 80 columns.
function print_change(  words, count, i, line) {
  if (change == "") return
  count = split(change, words, " "); line = "  *"
  for (i = 1; i <= count; i++) {
    if (length(line) + 1 + length(words[i]) > 80) { print line; line = "   " }
    line = line " " words[i]
  }
  print line; change = ""
}
function close_entry() { print_change(); if (open) printf "\n -- %s  %s\n", maintainer, entry_date }
function open_entry(name, when) {
  close_entry()
  if (open) print ""
  sub(/-/, "~", name)
  printf "viasync (%s) stable; urgency=medium\n", name
  open = 1; entry_date = when
}
/^## \[Unreleased\]/ { unreleased = 1; next }
/^## \[/ {
  match($0, /\[[^]]*\]/); name = substr($0, RSTART + 1, RLENGTH - 2)
  if (name == version && opened_unreleased) {
    print "CHANGELOG.md has changes since " version ": raise the version" > "/dev/stderr"; failed = 1; exit 1
  }
  command = "date -R -d " $NF; command | getline when; close(command)
  open_entry(name, when); unreleased = 0; next
}
/^\[/ { next }
/^### / {
  print_change()
  if (unreleased && !opened_unreleased) { open_entry(version, date); opened_unreleased = 1 }
  if (open) { printf "\n  [ %s ]\n", substr($0, 5) }
  next
}
open && /^- / { print_change(); change = substr($0, 3); next }
open && /^  / { change = change " " substr($0, 3) }
END { if (!failed) close_entry() }
