// Package home is the page on which one arrives. For each role it answers one question: what should I do now? The answer
// comes from the features: each says which tasks wait for this person, and the most pressing one leads.
package home
