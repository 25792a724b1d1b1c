//go:build !pdfium

package extract

import "context"

// noPDF stands in a program that was built without what reads PDFs.
type noPDF struct{}

func newPDFReader(Limits) pdfReader { return noPDF{} }

func (noPDF) read(context.Context, []byte, *output) error { return refuse("error.pdf") }
func (noPDF) close(context.Context) error                 { return nil }
