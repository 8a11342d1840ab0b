#!/bin/bash
# A reload of ConfBridge that failed succeeds when it is asked for again, with nothing changed.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: as long as a file is bad, each reload of it fails, the console's command by its exit code as well; "reloaded
#   successfully" means that what the file says applies.
# Instead: the second reload of the same bad file reports success, on the console and by AMI, and so does each later
#   one: a file with unchanged size and time is not read again. The old configuration stays in use, the good changes
#   beside the bad one included. A good file is left unread likewise if it has the size and time of the last, as
#   files of reproducible builds do. The console's exit code is 0 for the failure too. At the next start ConfBridge is
#   missing altogether, for the same bad value.
# What it means: never retry a reload to see whether it works. Ask Asterisk for a value that only the new file has
#   (`confbridge show profile ...`), and try a file on another Asterisk before this one restarts with it.
#
# Seen: max_members is 10; then the file says 33, and has a bad value in another section
#   first reload: The module 'app_confbridge' reported a reload failure (exit code 0)
#   second reload: Module 'app_confbridge' reloaded successfully. (exit code 0)
#   reload by AMI: Success
#   max_members in use: 10
#   good file, same size and time: Module 'app_confbridge' reloaded successfully. (exit code 0)
#   max_members in use: 10
#   the same file, a second younger: Module 'app_confbridge' reloaded successfully. (exit code 0)
#   max_members in use: 44
#   ConfBridge after a start with the bad file: Not Running

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

saw() { # WHAT SEEN WANTED
  echo "$1: $2"
  [ "$2" = "$3" ] || fail "$1 was: $3"
}

# write OF_ROOM OF_OTHER: always as large, always of the same time
write() {
  config confbridge.conf << END
[general]
[room]
type = bridge
max_members = $1
[other]
type = bridge
max_members = $2
END
  touch -d '2026-01-01 00:00:00' "$tree/etc/asterisk/confbridge.conf"
}

reload() {
  local said status=0
  said=$(cli 'module reload app_confbridge') || status=$?
  echo "$said (exit code $status)"
}

in_use() { cli 'confbridge show profile bridge room' | sed -n 's/^Max Members: *//p'; }

good="Module 'app_confbridge' reloaded successfully. (exit code 0)"

asterisk_install
write 10 20
asterisk_start

write 33 many
saw 'first reload' "$(reload)" "The module 'app_confbridge' reported a reload failure (exit code 0)"
saw 'second reload' "$(reload)" "$good"
by_ami=$(inside python3 -c 'from ami import Ami; print(Ami().ask("Reload", Module="app_confbridge.so")["Response"])')
saw 'reload by AMI' "$by_ami" Success
saw 'max_members in use' "$(in_use)" 10

write 44 5555
saw 'good file, same size and time' "$(reload)" "$good"
saw 'max_members in use' "$(in_use)" 10
touch -d '2026-01-01 00:00:01' "$tree/etc/asterisk/confbridge.conf"
saw 'the same file, a second younger' "$(reload)" "$good"
saw 'max_members in use' "$(in_use)" 44

asterisk_stop
write 33 many
asterisk_start
status=$(cli 'module show like app_confbridge' | grep -o 'Not Running\|Running')
saw 'ConfBridge after a start with the bad file' "$status" 'Not Running'
