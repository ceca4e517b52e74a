// An onion service by bine, the Go library: a page, at a port that the kernel chose.
package main

import (
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"os"

	"github.com/cretz/bine/control"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	connection, err := net.Dial("unix", os.Args[1])
	check(err)
	tor := control.NewConn(textproto.NewConn(connection))
	check(tor.Authenticate(""))
	port := control.NewKeyVal("80", listener.Addr().String())
	service, err := tor.AddOnion(&control.AddOnionRequest{
		Key: control.GenKey(control.KeyAlgoED25519V3), Ports: []*control.KeyVal{port},
	})
	check(err)
	fmt.Println("address", service.ServiceID)
	check(http.Serve(listener, http.HandlerFunc(func(page http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(page, "a page")
	})))
}

func check(err error) {
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}
