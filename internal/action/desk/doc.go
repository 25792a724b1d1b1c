// Package desk is where actions are looked at and worked on: pages, operations, and what waits for somebody.
//
// They stand behind the door of planning, the last of the loop: what was measured and understood becomes something that somebody does by a
// day, and the next wave says whether it moved. The report, the gap and the reasons of non-users lead here.
//
// What the people who answered are told is at an address of its own, /t/{key}: not below the address of a wave, because reports also come
// from answers that were brought, and because the pages of a wave are for who still answers. Whoever has the address reads it, without an
// account: many who answered have none. A page that is withdrawn is gone, and comes back under another address.
package desk
