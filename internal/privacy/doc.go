// Package privacy is what a person and a data protection officer may ask of the system: what it holds about somebody, a
// copy of it, to be erased, and how long each kind of data stays.
//
// It keeps next to nothing itself. Features say what they hold, forget and keep through the values of package held, and
// internal/app registers them here.
//
// # Words
//
//   - holder: a feature that holds data about people.
//   - eraser: a feature that can forget somebody.
//   - kind: data that ages in one way and stays for one period, such as the audit log.
//   - period: how many days a kind stays in an organisation; the usual one until a DPO sets another.
//   - dry run: what would be deleted now, counted and not deleted.
package privacy
