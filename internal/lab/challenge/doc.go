// Package challenge is short tries of about ten minutes, for each of the five skills, at a desk and in the field. Each brings its own made-up
// material, in which something is planted: a mistake to find, a source to check, a tone to judge. What was planted is revealed after the try.
//
// Words:
//
//   - a challenge is the YAML in content/lab/challenges; its answer is what the practice model says in it, the same for everyone. With a real
//     model the material itself holds the trap.
//   - done is that somebody says that they did one. How it went is stored nowhere.
//   - a mark is what the store keeps of it: a keyed hash of person and challenge, so that only their own pages find it again, and whoever reads the
//     database finds no name. It can be taken back.
//   - reach is how many people did a challenge, for evidence. When a month is over its marks lose challenge and department, and what they said is
//     counted. A number is told once it holds at least k people, of a department or of departments together; what is too small waits for
//     the months after. Numbers that are told have no mark in common and no total beside them, so none can be subtracted from another to
//     find fewer than k people.
//
// Whoever has both the database and the key of the installation can find out whether a given account has a mark. Nothing less can.
package challenge
