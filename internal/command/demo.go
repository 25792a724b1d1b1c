package command

import (
	"context"
	"errors"
	"net"
	"net/url"
	"time"

	"tekentafel/internal/config"
)

// demoCommand shows the product with made-up data, on this machine alone.
type demoCommand struct {
	Data   string `default:"out/demo" placeholder:"FOLDER" help:"Folder for the demonstration; what is there is used again. Default: out/demo."`
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on, of this machine itself. Default: 127.0.0.1:8080; port 0 takes any that is free."`
	Models string `name:"models-file" env:"TEKENTAFEL_MODELS_FILE" placeholder:"FILE" help:"Settings (YAML) of models and backends, as for serve. Without it: the practice model alone, which is no AI."`
}

const (
	demoGrace  = 5 * time.Second
	demoUpload = 64 << 20
)

// Run serves the made-up city until a signal comes.
func (c *demoCommand) Run(ctx context.Context, s *Streams) error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return usage("--listen %q: write it as 127.0.0.1:8080", c.Listen)
	}
	if !config.Loopback(host) {
		return usage("--listen %q: the demonstration lets everyone in, so it listens on this machine alone; write 127.0.0.1:%s, or use tekentafel serve", c.Listen, port)
	}
	if port == "0" {
		if c.Listen, err = freePort(ctx, host); err != nil {
			return err
		}
	}
	serve := &serveCommand{config.Settings{
		Store: config.Store{Data: c.Data}, Listen: c.Listen, PublicURL: (&url.URL{Scheme: "http", Host: c.Listen}).String(),
		ShutdownGrace: demoGrace, MailPort: 587, MailSecurity: "starttls", UploadLimit: demoUpload, Workers: 2, ModelsFile: c.Models,
		Timezone: "Europe/Brussels", LogLevel: "warn", LogFormat: "text",
	}}
	checked, err := serve.Check()
	if err != nil {
		return usage("%w", err)
	}
	return serve.serve(ctx, s, checked, true)
}

// freePort finds a port that nobody listens on.
func freePort(ctx context.Context, host string) (address string, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", err
	}
	return l.Addr().String(), errors.Join(l.Close())
}
