// Package command is the command line: it turns arguments into calls of instrument, intake, analysis, story and
// views, or of the server, and their errors into one message and one exit code.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"tekentafel/internal/instrument"
)

// Streams are the process's standard streams.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Exit codes of the program, as documented in docs/command.md.
const (
	ExitOK          = 0
	ExitFailed      = 1   // an unexpected failure
	ExitUsage       = 2   // the command line is wrong
	ExitRefused     = 3   // the input is wrong: instrument, answers, mapping or margins
	ExitNotWritten  = 4   // the output could not be written; nothing half-written is left
	ExitNoChromium  = 5   // a PDF was asked for and no Chromium is installed
	ExitInterrupted = 130 // stopped by a signal
)

// commands is the command line.
type commands struct {
	Serve      serveCommand      `cmd:"" help:"Run the server. docs/operation.md says how to set it up."`
	Demo       demoCommand       `cmd:"" help:"Show the whole product with a made-up city, on this machine alone."`
	Doctor     doctorCommand     `cmd:"" help:"Check configuration, database, mail, Chromium, clock and permissions, and say the mend."`
	Backup     backupCommand     `cmd:"" help:"Write a backup of a running or stopped installation to one file."`
	Verify     verifyCommand     `cmd:"" name:"verify-backup" help:"Check that a backup is whole and can be restored with this key."`
	Restore    restoreCommand    `cmd:"" help:"Put a backup into an empty installation, on either engine. The server must not run."`
	NewKey     newKeyCommand     `cmd:"" name:"new-key" help:"Print a new key for an installation."`
	Rescue     rescueCommand     `cmd:"" help:"Print a link that lets an administrator in again."`
	Lab        labCommand        `cmd:"" help:"Look whether the models that people and programs may ask work."`
	People     peopleCommand     `cmd:"" help:"Bring personnel data in, put a change back, or say how good the data is."`
	Analyse    analyseCommand    `cmd:"" help:"Analyse answers and write the report."`
	Check      checkCommand      `cmd:"" name:"check-instrument" help:"Check an instrument and name file, line and mend of each problem."`
	Import     importCommand     `cmd:"" name:"import-instrument" help:"Make an instrument of an XLSForm (.xlsx) and say what could not be carried over."`
	LimeSurvey limesurveyCommand `cmd:"" name:"import-limesurvey" help:"Take a survey over from LimeSurvey: questionnaire, answers and mapping."`
	Generate   generateCommand   `cmd:"" help:"Generate a synthetic organisation and wave, labelled as such."`
	Map        mapCommand        `cmd:"" name:"propose-mapping" help:"Propose how the columns and values of a data file fit an instrument, as a file to edit."`
	Snapshot   snapshotCommand   `cmd:"" help:"Save answers in the product's own columnar form, which loads at disk speed."`
	Package    packageCommand    `cmd:"" help:"Make the package with which a researcher checks a report in R or SPSS."`
	VerifyWave verifyWaveCommand `cmd:"" name:"verify-wave" help:"Check the list of ballots of a closed wave, offline: is each answer of somebody of the frame, and counted once?"`
	Shadow     shadowCommand     `cmd:"" help:"Count which AI services people ask for outside the offer, from logs."`
	VersionOf  versionCommand    `cmd:"" name:"version" help:"Print the version."`
}

// Run executes one command line (without the program's name) and returns the exit code.
//
// What was asked for goes to Streams.Out or to files; everything said along the way goes to Streams.Err.
func Run(ctx context.Context, args []string, s Streams) int {
	var cli commands
	exit := -1
	parser, err := kong.New(&cli,
		kong.Name("tekentafel"),
		kong.Description("Measure how staff use generative AI and how skilled they feel, and write the report.\n\n"+
			"Exit codes: 0 done; 1 failed; 2 wrong command line; 3 input refused; 4 output not written; 5 no Chromium for a PDF; 130 interrupted."),
		kong.Writers(s.Out, s.Err),
		kong.Exit(func(code int) { exit = code }),
		kong.UsageOnError(),
		kong.WithHyphenPrefixedParameters(len(args) > 0 && args[0] == "verify-wave"), // one ballot of 64 begins with "-"
	)
	if err != nil {
		return report(s, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kctx, err := parser.Parse(args)
	if exit >= 0 { // --help was printed
		return exit
	}
	if err != nil {
		return report(s, &failure{code: ExitUsage, err: fmt.Errorf("%w\nRun \"tekentafel --help\" to see what is possible", err)})
	}
	kctx.BindTo(ctx, (*context.Context)(nil))
	return report(s, kctx.Run(&s))
}

// failure is an error with the exit code it leads to.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// refused marks an error as one of the input.
func refused(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return &failure{code: ExitRefused, err: err}
}

// usage marks an error as one of the command line.
func usage(format string, args ...any) error {
	return &failure{code: ExitUsage, err: fmt.Errorf(format, args...)}
}

// report prints err for a person and returns the exit code.
func report(s Streams, err error) int {
	if err == nil {
		return ExitOK
	}
	if errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(s.Err, "tekentafel: interrupted; nothing was written")
		return ExitInterrupted
	}
	_, _ = fmt.Fprintf(s.Err, "tekentafel: %v\n", err)
	var f *failure
	if errors.As(err, &f) {
		return f.code
	}
	var p *instrument.Problems
	if errors.As(err, &p) {
		return ExitRefused
	}
	return ExitFailed
}
