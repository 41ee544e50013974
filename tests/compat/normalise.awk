# normalise.awk - takes out of a case's output what the kernel draws at random
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ENVIRON["LINE"]: the case; what it names itself stays. kind: out, state or status. Different values
# get different numbers, in order of appearance, so that "the same namespace twice" stays visible.

# numbered(KIND, TEXT): TEXT's number among those of its KIND.
function numbered(kind, text) {
	if (!((kind, text) in number))
		number[kind, text] = ++numbers[kind]
	return "<" kind " " number[kind, text] ">"
}

# each(LINE, REGEX, KIND): LINE with every match that the case does not name replaced.
function each(line, regex, kind,    done, found) {
	done = ""
	while (match(line, regex)) {
		found = substr(line, RSTART, RLENGTH)
		if (index(asked, tolower(found)) || found == "00:00:00:00:00:00" || found == "ff:ff:ff:ff:ff:ff")
			done = done substr(line, 1, RSTART + RLENGTH - 1)
		else
			done = done substr(line, 1, RSTART - 1) numbered(kind, found)
		line = substr(line, RSTART + RLENGTH)
	}
	return done line
}

BEGIN {
	asked = tolower(ENVIRON["LINE"])
	x = "[0-9a-f]"
	mac = x x ":" x x ":" x x ":" x x ":" x x ":" x x
}

# Comes a moment, or a second, after a link is up: link-local and multicast of IPv6.
kind == "state" && asked !~ /fe80/ && /inet6 fe80|fe80::|ff00::\/8|anycast fe80/ {
	skip_next = /inet6 fe80/
	next
}
kind == "state" && skip_next && /valid_lft/ { skip_next = 0; next }

{
	skip_next = 0
	line = each($0, "402[67][0-9][0-9][0-9][0-9][0-9][0-9]", "namespace")
	# a bridge's id is a priority and its random address, whose bytes may have one digit
	line = each(line, x "+\\." x "+:" x "+:" x "+:" x "+:" x "+:" x "+", "bridge")
	line = each(line, mac, "mac")
	if (kind == "state") {
		line = each(line, "(shared|master|propagate_from):[0-9]+", "peers")
		gsub(/ tentative/, "", line)
		# One or the other for good, by whether a veth had its peer beside it when the kernel
		# came to look.
		if (line ~ /<NO-CARRIER,/)
			sub(/ state LOWERLAYERDOWN /, " state DOWN ", line)
	}
	# a bridge's timers run
	gsub(/_timer +[0-9.]+/, "_timer T", line)
	gsub(/_timer":[0-9.]+/, "_timer\":T", line)
	# lifetimes run as well
	gsub(/[0-9]+sec/, "Nsec", line)
	print line
}
