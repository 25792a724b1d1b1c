package command

import (
	"context"
	"errors"
	"fmt"
	"os"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/check"
)

// labCommand is about the models that people and programs may ask.
type labCommand struct {
	Check labCheckCommand `cmd:"" help:"Ask each model on each of its backends a harmless sentence, and say what works and how to mend the rest."`
}

// labCheckCommand looks whether models work.
type labCheckCommand struct {
	ModelsFile string `name:"models-file" env:"TEKENTAFEL_MODELS_FILE" placeholder:"FILE" help:"Settings (YAML) of models and backends, as for serve. Without it: the practice model alone."`
	Model      string `name:"model" placeholder:"NAME" help:"The only model to look at."`
	JSON       bool   `name:"json" help:"Write the findings as JSON."`
}

// Run says of each model on each backend what works.
func (c *labCheckCommand) Run(ctx context.Context, s *Streams) error {
	settings, err := modelSettings(c.ModelsFile)
	if err != nil {
		return refused(err)
	}
	if c.Model != "" && len(settings.Routes[c.Model]) == 0 {
		return usage("the settings have no model %.100q", c.Model)
	}
	report, err := check.Run(ctx, settings, check.Options{Now: clock.System(), Model: c.Model})
	if err != nil {
		return err
	}
	write := report.Text
	if c.JSON {
		write = report.JSON
	}
	if err := write(s.Out); err != nil {
		return notWritten(err)
	}
	if code := report.ExitCode(); code != ExitOK {
		return &failure{code: code, err: errors.New("not every model works on every backend; the report says how to mend it")}
	}
	return nil
}

// modelSettings reads the settings of models; "" is no file, which offers the practice model alone.
func modelSettings(path string) (*backend.Settings, error) {
	if path == "" {
		return backend.PracticeAlone(), nil
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the settings of models cannot be read: %w; check --models-file", err)
	}
	return backend.Parse(path, src, os.LookupEnv, os.ReadFile)
}
