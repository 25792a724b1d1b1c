// Package example is the library of examples: what colleagues did with a model in their own work, with the prompt to try it oneself.
//
// Words:
//
//   - an example is offered by its author, and seen by others once somebody else has looked at it. Who reviews shows it, asks for a change with a
//     message, or refuses it with a reason. The author sees where it stands, and takes it away at any time, for good.
//   - what the guard finds of a person, and secrets, may not stay in an example: the author has it replaced, or rewrites. Words about health, social
//     services and justice are told, and stay when the author says that they are about nobody.
//   - a made-up example comes with the product, so that the library is not empty, and says so.
//   - every version is kept with what was decided on it, for the author and for who reviews.
//
// The name of an author is shown only where they chose so. When an account is erased its examples go.
package example
