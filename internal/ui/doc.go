// Package ui holds what every page shares: the colours as tokens, the style sheet, the typeface and the mark.
package ui
