// Package kept holds conversations that somebody chose to keep, and branches of them that somebody shares.
//
// Nothing is here before a person asks. What is kept opens for that person alone: it is sealed for the person and the conversation, so that no role, no
// key and no copy of the database alone reads it, its title included. It stays until a day that the person sees, at most as long as the organisation
// allows; the person may shorten and prolong that, and delete at once.
//
//   - version: counts the changes of a conversation. Whoever changes it says which one they read, so that two tabs do not overwrite each other.
//   - day: the last day on which something is there, on the calendar of the installation.
//   - share: one branch, as it was at that moment and as the person saw it first, for signed-in people of the organisation. Texts of files and images do not go
//     along, and who reads it is not counted.
//
// The log of who did what names shares, which concern others, and no conversation: that somebody keeps one is their own matter.
package kept
