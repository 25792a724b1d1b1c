// Package desk has logs read and counted for an organisation, keeps what remains, and shows it: which AI services people ask for outside the offer, in groups of at
// least k people, with the safe alternative beside each. It is there to see where one is lacking, not to catch anybody; docs/shadow.md says what protects whom.
//
// Words of this package: a count is one reading of logs, with who had it done and when; a week is what may be shown of a week, and is counted once, whatever happens to the
// count later; a rule is what the organisation says about a service; an own service is one that it added to the list; published is what all staff see.
package desk
