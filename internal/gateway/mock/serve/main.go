// Command serve runs the server of package mock until it is interrupted, to try a gateway by hand.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"tekentafel/internal/gateway/mock"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address on this machine to listen on")
	how := flag.String("default", "", "how requests are answered, such as \"first=200ms;between=20ms\"")
	key := flag.String("key", "", "key that requests must carry")
	flag.Parse()
	if err := run(*listen, *how, *key); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(listen, how, key string) error {
	b, err := mock.ParseBehaviour(how)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s := &mock.Server{Default: b, Key: key}
	url, end, err := s.Listen(ctx, listen)
	if err != nil {
		return err
	}
	defer end()
	fmt.Println(url)
	<-ctx.Done()
	fmt.Printf("%+v\n", s.Counts())
	return nil
}
