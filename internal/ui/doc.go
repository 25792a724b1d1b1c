// Package ui is the interface kit: the page shell, the components, the colours as tokens, the style sheets, the typeface and
// the scripts. Every page is made of it, and every component works without a script.
//
// A page:
//
//	templ page(p ui.Page, form *ui.FormState) {
//		@ui.Shell(p) {
//			@ui.ErrorSummary(form)
//			@ui.Form(ui.FormSpec{State: form, Action: "/staff"}) {
//				@ui.EmailField(form, ui.Field{Name: "email", Label: "…", Hint: "…"})
//				@ui.Submit(ui.T(ctx, ui.WordSave))
//			}
//		}
//	}
//
// A handler decodes the values, lets the domain check them, notes with FormState.Fail what is wrong and, unless
// FormState.OK, shows the page again with status 422 and Page.Invalid. Fields find their value and their error by name.
//
//   - Shell and Bare set the language of everything inside them; a handler that renders a part of a page for htmx calls
//     WithLang first. T says the words that all pages share, such as "Bewaren" (WordSave).
//   - Assets serves what pages link to, at addresses that change with the content (AssetURL).
//   - An organisation's own colours pass ParseTheme and CheckTheme, and are served as the style sheet that ThemeCSS writes.
//   - ComponentsPage shows every component in its states; the tests look at it in a browser.
//   - CSS and Faces serve files that stand on their own, such as a report.
//
// The colour of the marker is kept for the one next step of a page (Next), the green for what is agreed or done.
package ui
