using Penstock.Config;
using Penstock.Providers;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Core.Tests.Snapshot;

/// <summary>What <c>penstock.json</c> means.</summary>
public sealed class SnapshotReaderTests
{
    [Fact]
    public void An_empty_file_is_the_defaults()
    {
        var snapshot = Files.Read("{}");
        Assert.Equivalent(new GatewaySettings(), snapshot.Settings);
        Assert.Same(Catalogue.BuiltIn, snapshot.Catalogue);
        Assert.Null(snapshot.DefaultPlan);
        Assert.Empty(snapshot.SavedPlans);
    }

    [Fact]
    public void Every_setting_is_taken()
    {
        var settings = Files.Read("""
            {
              "listen": ["http://*:80", "http://localhost:81/"], // comments
              "trusted_hosts": ["LLM.example.org"],
              "cors_origins": ["https://app.example.org", "http://localhost:3000"],
              "limits": { "json_bytes": 1, "multipart_bytes": 2, "upload_bytes": 3, "replay_bytes": 0 },
              "timeouts": { "connect_ms": 1, "headers_ms": 2, "first_token_ms": 3, "idle_ms": 4, "total_ms": 5 },
              "shutdown_grace_ms": 0, /* and trailing commas */
            }
            """).Settings;
        Assert.Equal(["http://*:80", "http://localhost:81"], settings.Listen);
        Assert.Equal(["llm.example.org"], settings.TrustedHosts);
        Assert.Equal(["https://app.example.org", "http://localhost:3000"], settings.CorsOrigins);
        Assert.Equal(new GatewayLimits { JsonBytes = 1, MultipartBytes = 2, UploadBytes = 3, ReplayBytes = 0 }, settings.Limits);
        Assert.Equal(new Clocks(1, 2, 3, 4, 5), settings.Clocks);
        Assert.Equal(0, settings.ShutdownGraceMs);
    }

    [Fact]
    public void What_is_not_said_keeps_its_default_and_null_says_nothing()
    {
        var settings = Files.Read("""{ "listen": "http://127.0.0.1:1", "limits": { "json_bytes": 5 }, "timeouts": { "idle_ms": 7, "total_ms": null }, "cors_origins": null }""").Settings;
        Assert.Equal(["http://127.0.0.1:1"], settings.Listen);
        Assert.Equal(new GatewayLimits { JsonBytes = 5 }, settings.Limits);
        Assert.Equal(Clocks.BuiltIn with { IdleMs = 7 }, settings.Clocks);
        Assert.Empty(settings.CorsOrigins);
    }

    [Fact]
    public void Custom_providers_join_ours_or_take_their_place()
    {
        var catalogue = Files.Read("""{ "providers": { "acme": { "base_url": "http://localhost:9/v1" }, "openai": { "base_url": "http://localhost:8/v1" } } }""").Catalogue;
        Assert.True(catalogue.Find("acme")!.IsCustom);
        Assert.True(catalogue.Find("openai")!.IsCustom);
        Assert.False(catalogue.Find("groq")!.IsCustom);
        Assert.Equal(Catalogue.BuiltIn.Rows.Length + 1, catalogue.Rows.Length);
    }

    [Fact]
    public void Saved_configs_know_custom_providers_and_may_name_any_host()
    {
        var snapshot = Files.Read("""
            {
              "providers": { "acme": { "base_url": "http://localhost:9/v1" } },
              "configs": { "main": { "provider": "acme", "custom_host": "http://10.0.0.5/v1" } },
              "default_config": "main"
            }
            """);
        var leaf = Assert.IsType<LeafTarget>(snapshot.SavedPlans["main"].Root);
        Assert.Equal("acme", leaf.Provider!.Id);
        Assert.Same(snapshot.SavedPlans["main"], snapshot.DefaultPlan);
    }

    [Fact]
    public void The_default_config_may_stand_in_place()
    {
        var plan = Files.Read("""{ "default_config": { "provider": "openai", "retry": { "attempts": 2 } } }""").DefaultPlan;
        Assert.Equal("openai", Assert.IsType<LeafTarget>(plan!.Root).Provider!.Id);
    }

    [Fact]
    public void The_sample_is_good()
    {
        var text = File.ReadAllText(Repository.PathTo("samples", "penstock.json"));
        var snapshot = Files.Read(text, ("OPENAI_API_KEY", "sk-1"));
        Assert.Equal(["cheap-first", "steady"], snapshot.SavedPlans.Keys.Order());
        Assert.Same(snapshot.SavedPlans["cheap-first"], snapshot.DefaultPlan);
        Assert.NotNull(snapshot.Catalogue.Find("acme"));
    }
}
