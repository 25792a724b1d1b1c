// Package logs reads the logs of proxies, firewalls and name servers line by line, in bounded memory, and gives of each line only when it was, who asked (a user
// or an address), which host or application, and how many bytes. Paths, queries, referrers and user agents are left out while a line is read; nothing is
// kept of a line once the next is read, and nothing of a line that was not understood but its number and the reason.
//
// Words of this package: a record is what is taken from a line; another line is one of the format that says nothing about a visit (an answer of a name server, the
// start of a session); a bad line is one that was not understood.
package logs
