// Package task is the entries by task: instead of an empty box, a short form that builds a prompt where one sees it grow, part by part, with why
// each part helps. What a task is stands in YAML (content/lab/tasks), so that somebody without Go can write one.
//
// Words:
//
//   - a field is what a person fills in: a line, a longer text or a choice;
//   - a part is a piece of the prompt: role, context, task, material, form or limits. A part that names a field that is empty falls away;
//   - a sample is a filled-in form, of work at a desk or in the field.
//
// What a person types is never read as a template: Build goes over each part once. A longer text stands between lines of quotation marks that do
// not occur in it, so that a model can tell material from what is asked.
package task
