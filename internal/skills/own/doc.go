// Package own is the personal side of skills: the door /learn, the check and the own profile below /check, and the links and posters
// that bring people without an account to them, below /l.
//
// # Words
//
//   - pass: a sealed cookie that says for which organisation somebody does the check, and which function to propose; not who it is.
//   - check under way: a sealed cookie with all that was answered. The server keeps nothing of it.
//   - code: what a person keeps to open the own profile with, see package vault. A sealed cookie carries it while the profile is open.
//   - kiosk: a device that many people use after one another. It wipes itself.
//
// # What leaves a trace
//
// All pages below /check and /l are routes without a trace: no visit, no line in the log, no metric, whoever is signed in. The door,
// which knows who comes, gives a pass and forgets; nothing that it writes says who got one.
package own
