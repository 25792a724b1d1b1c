// Package policy keeps what an organisation wants of the guard: for each type of sensitive data whether it is let go, shown, replaced or stopped. Each change is a
// version with who made it, when and why.
//
// Keys, tokens and passwords are always blocked: who sees a secret once can use it, and no text needs one to be answered. What a text is about (health, social services,
// justice) cannot be replaced without changing what is asked, so those types are not masked. Everything else is for the organisation to decide.
package policy
