// Package desk holds the pages and operations of who runs waves: making, planning, launching, following and closing one.
// The rules live in package wave, what is shown of the response in package monitor; questions, people and open answers have
// pages in packages of their own, to which these lead.
package desk
