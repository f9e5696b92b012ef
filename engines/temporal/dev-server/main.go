// A Temporal server for tests: all four services in one process, in an SQLite file. Not for production.
//
//	dev-server ADDRESS DATABASE-FILE      e.g. 127.0.0.1:7233 /tmp/temporal.db
//
// It prints "ready" when it accepts requests. The namespace is `default`, with the search attributes of Signalbox.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/temporal"
)

const namespace = "default"

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: dev-server ADDRESS DATABASE-FILE")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(address, file string) error {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return err
	}
	settings, err := settingsFor(host, port, file)
	if err != nil {
		return err
	}
	if err := prepare(settings.Persistence.DataStores[sqliteplugin.PluginName].SQL, file); err != nil {
		return err
	}
	// Sooner than production does it: a test waits for each of these.
	dynamic := dynamicconfig.StaticClient{
		dynamicconfig.ForceSearchAttributesCacheRefreshOnRead.Key():             true,
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():                  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key():                 1,
		dynamicconfig.HistoryCountSuggestContinueAsNew.Key():                    600,
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key():                        8096,
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key():        100,
		dynamicconfig.FrontendMaxNamespaceRPSPerInstance.Key():                  100_000,
		dynamicconfig.FrontendMaxConcurrentLongRunningRequestsPerInstance.Key(): 10_000,
	}
	server, err := temporal.NewServer(
		temporal.WithConfig(settings),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithLogger(log.NewZapLogger(log.BuildZapLogger(log.Config{Stdout: false, Level: "error"}))),
		temporal.WithDynamicConfigClient(dynamic),
	)
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	if err := awaitReady(address); err != nil {
		return err
	}
	fmt.Println("ready")
	stopped, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	<-stopped.Done()
	return server.Stop()
}

func settingsFor(host string, port int, file string) (*config.Config, error) {
	store := &config.SQL{
		PluginName:        sqliteplugin.PluginName,
		DatabaseName:      file,
		ConnectAttributes: map[string]string{"mode": "rwc", "_journal_mode": "wal", "_synchronous": "1"},
	}
	services := map[string]config.Service{}
	for _, name := range []string{"frontend", "history", "matching", "worker"} {
		grpc := port
		if name != "frontend" {
			free, err := freePort()
			if err != nil {
				return nil, err
			}
			grpc = free
		}
		membership, err := freePort()
		if err != nil {
			return nil, err
		}
		services[name] = config.Service{
			RPC: config.RPC{GRPCPort: grpc, MembershipPort: membership, BindOnIP: host},
		}
	}
	settings := &config.Config{
		Services: services,
		Persistence: config.Persistence{
			DefaultStore: sqliteplugin.PluginName, VisibilityStore: sqliteplugin.PluginName, NumHistoryShards: 1,
			DataStores: map[string]config.DataStore{sqliteplugin.PluginName: {SQL: store}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: "active", CurrentClusterName: "active",
			ClusterInformation: map[string]cluster.ClusterInformation{"active": {
				Enabled: true, InitialFailoverVersion: 1, RPCAddress: net.JoinHostPort(host, strconv.Itoa(port)),
			}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		PublicClient:        config.PublicClient{HostPort: net.JoinHostPort(host, strconv.Itoa(port))},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: "disabled"},
			Visibility: config.VisibilityArchival{State: "disabled"},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
		}},
	}
	settings.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: host}
	return settings, nil
}

func prepare(store *config.SQL, file string) error {
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		if err := sqlite.SetupSchema(store); err != nil {
			return err
		}
	}
	keyword := enumspb.INDEXED_VALUE_TYPE_KEYWORD
	space, err := sqlite.NewNamespaceConfig("active", namespace, false, map[string]enumspb.IndexedValueType{
		"SignalboxWorkspace": keyword, "SignalboxAgent": keyword, "SignalboxStatus": keyword,
	})
	if err != nil {
		return err
	}
	return sqlite.CreateNamespaces(store, space)
}

func awaitReady(address string) error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		dialled, err := client.Dial(client.Options{HostPort: address, Namespace: namespace, Logger: quiet{}})
		if err == nil {
			dialled.Close()
			return nil
		}
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}
