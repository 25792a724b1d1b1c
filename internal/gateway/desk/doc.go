// Package desk is the pages about the gateway, behind the door Proberen: what one used oneself, the limits, the keys of programs, what the guard does, and what models are offered.
//
// Everyone sees their own use, the models and what the guard does. Limits are for who reads budgets, keys for who manages the gateway. No page shows what another person used.
package desk
