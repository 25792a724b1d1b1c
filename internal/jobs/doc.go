// Package jobs runs work in the background: once, after a crash too, on any node.
//
// A job is a row. A feature adds it in the transaction of the change that asks for it; a worker of some node claims it for
// a while (a lease, renewed as long as the worker lives) and calls the handler of its kind. The handler does the work
// without touching the store and returns a function that puts the result there; that function runs in the transaction
// that marks the job done, and only the newest attempt may commit it. So a job whose node was killed is started again, and
// its result still comes once. A clock that jumps can at worst make two workers do the same work; one of them finishes.
//
// # Words
//
//   - attempt: one start of a job. An attempt whose lease has passed was abandoned.
//   - stage: what a job is doing, in the words of its kind, with how far it is.
package jobs
