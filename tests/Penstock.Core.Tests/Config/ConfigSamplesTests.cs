using Penstock.Config;
using Penstock.Transport;

namespace Penstock.Core.Tests.Config;

/// <summary>Configs that are in use must go on working, letter by letter.</summary>
public sealed class ConfigSamplesTests
{
    [Fact]
    public void Reads_retries_with_a_named_backoff()
    {
        var leaf = Configs.Leaf("""{"retry":{"attempts":5,"backoff":"exponential"}}""");

        Assert.True(leaf.TakesHeaders);
        Assert.Null(leaf.Provider);
        Assert.Equal("config", leaf.Path);
        Assert.Equal(5, leaf.Settings.Retry.Attempts);
        Assert.False(leaf.Settings.Retry.UseRetryAfter);
        Assert.True(leaf.Settings.Retry.OnStatus.Contains(429));
    }

    [Theory]
    [InlineData("""{"request_timeout": 10000}""")]
    [InlineData("""{"request_timeout": 10000 /* ms */,}""")]
    [InlineData(
        """
        {
          "request_timeout": 10000  // Timeout in milliseconds
        }
        """)]
    public void Reads_a_time_limit_with_and_without_a_comment(string config) =>
        Assert.Equal(Clocks.Unset with { HeadersMs = 10_000 }, Configs.Leaf(config).Settings.Clocks);

    [Fact]
    public void Reads_a_load_balance_by_weight()
    {
        var plan = Configs.Compile(
            """
            {
              "strategy": { "mode": "loadbalance" },
              "targets": [
                { "provider": "openai", "api_key": "sk-***", "weight": 70 },
                { "provider": "anthropic", "api_key": "sk-***", "weight": 30 }
              ]
            }
            """);

        var balance = Assert.IsType<LoadBalanceTarget>(plan.Root);
        Assert.Equal(100, balance.TotalWeight);
        Assert.Equal([70, 30], balance.Targets.Select(target => target.Weight));
        Assert.Equal(["openai", "anthropic"], balance.Targets.Select(target => ((LeafTarget)target).Provider!.Id));
        Assert.Equal(["config.targets[0]", "config.targets[1]"], balance.Targets.Select(target => target.Path));
        Assert.All(balance.Targets, target => Assert.Equal("sk-***", ((LeafTarget)target).ApiKey.Reveal()));
    }

    [Fact]
    public void Reads_a_fallback()
    {
        var plan = Configs.Compile(
            """
            {
              "strategy": { "mode": "fallback" },
              "targets": [
                { "provider": "openai", "api_key": "sk-***" },
                { "provider": "cohere", "api_key": "sk-***" }
              ]
            }
            """);

        var fallback = Assert.IsType<FallbackTarget>(plan.Root);
        Assert.Null(fallback.OnStatus);
        Assert.Equal(["openai", "cohere"], Configs.Leaves(fallback).Select(leaf => leaf.Provider!.Id));
    }

    [Fact]
    public void Reads_a_nested_tree_with_settings_at_its_root()
    {
        var plan = Configs.Compile(
            """
            {
              "retry": { "attempts": 5 },
              "request_timeout": 10000,
              "strategy": { "mode": "fallback" },
              "targets": [
                { "provider": "openai", "api_key": "sk-***" },
                {
                  "strategy": { "mode": "loadbalance" },
                  "targets": [
                    { "provider": "cohere", "api_key": "sk-***" },
                    { "provider": "anthropic", "api_key": "sk-***" }
                  ]
                }
              ]
            }
            """);

        var leaves = Configs.Leaves(plan.Root).ToList();
        Assert.Equal(["config.targets[0]", "config.targets[1].targets[0]", "config.targets[1].targets[1]"], leaves.Select(leaf => leaf.Path));
        Assert.All(leaves, leaf => Assert.Equal(5, leaf.Settings.Retry.Attempts));
        Assert.All(leaves, leaf => Assert.Equal(10_000, leaf.Settings.Clocks.HeadersMs));
        Assert.All(leaves, leaf => Assert.False(leaf.TakesHeaders));
    }

    [Theory]
    [InlineData("""{"provider":"openai"}""")]
    [InlineData("""{"provider":"ollama","custom_host":"http://localhost:11434"}""")]
    [InlineData("""{"api_key":"sk-1"}""")]
    [InlineData("""{"cache":{"mode":"simple","max_age":3600}}""")]
    [InlineData("""{"cache":{"mode":"semantic"}}""")]
    [InlineData("""{"override_params":{"model":"@cf/meta/llama-3"}}""")]
    [InlineData("""{"override_params":{"model":"@hf/x/y"}}""")]
    [InlineData("""{"strategy":{"mode":"single"},"provider":"openai"}""")]
    [InlineData("""{"provider":"openai","id":"pc-1","cb_config":{"failure_threshold":5},"is_open":false,"passthrough":true,"deployments":[1],"x":null}""")]
    [InlineData("""{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"ttl":5},"cb_config":{}},"targets":[{"provider":"openai"}]}""")]
    [InlineData("""{"provider":"openai","input_guardrails":[],"after_request_hooks":[],"virtual_key":null,"prompt_id":"","options":null}""")]
    [InlineData("""{"provider":"openai","on_status_codes":[500]}""")]
    [InlineData("""{"azure_resource_name":"r"}""")]
    public void Accepts(string config) => Assert.NotNull(Configs.Compile(config));

    [Fact]
    public void One_target_needs_no_strategy()
    {
        var single = Assert.IsType<SingleTarget>(Configs.Compile("""{"targets":[{"provider":"openai"}]}""").Root);

        Assert.Equal("config.targets[0]", single.Only.Path);
        Assert.False(((LeafTarget)single.Only).TakesHeaders);
    }

    [Fact]
    public void Single_takes_the_first_of_several()
    {
        var single = Assert.IsType<SingleTarget>(Configs.Compile("""{"strategy":{"mode":"single"},"targets":[{"provider":"groq"},{"provider":"openai"}]}""").Root);

        Assert.Equal("groq", ((LeafTarget)single.Only).Provider!.Id);
    }

    [Theory]
    [InlineData("[429, 503]", 429, true)]
    [InlineData("[429, 503]", 500, false)]
    [InlineData("[]", 500, false)]
    public void Falls_back_on_the_listed_statuses(string statuses, int status, bool expected)
    {
        var plan = Configs.Compile($$"""{"strategy":{"mode":"fallback","on_status_codes":{{statuses}}},"targets":[{"provider":"openai"},{"provider":"groq"}]}""");

        Assert.Equal(expected, ((FallbackTarget)plan.Root).OnStatus!.Contains(status));
    }

    [Fact]
    public void A_weight_of_0_is_kept_and_a_missing_one_is_1()
    {
        var balance = (LoadBalanceTarget)Configs.Compile("""{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"openai","weight":0},{"provider":"groq"},{"provider":"cohere","weight":0.5}]}""").Root;

        Assert.Equal([0, 1, 0.5], balance.Targets.Select(target => target.Weight));
        Assert.Equal(1.5, balance.TotalWeight);
    }
}
