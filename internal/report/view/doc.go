// Package view lays out a report: a self-contained HTML file and a fact sheet from a story, a spreadsheet and JSON from
// the findings. It computes no figure and writes no sentence.
package view
