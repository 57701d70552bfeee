using System.Text;
using Penstock.Config;
using Penstock.Transport;

namespace Penstock.Core.Tests.Config;

public sealed class InheritanceTests
{
    private const string ThreeLevels =
        """
        {
          "override_params": {"model": "root", "a": 1, "n": null},
          "default_params": {"seed": 1, "user": "root"},
          "drop_params": ["logprobs", "messages[*].name"],
          "retry": {"attempts": 3, "on_status_codes": [500], "use_retry_after_headers": true},
          "request_timeout": 1000,
          "timeouts": {"connect_ms": 100, "idle_ms": 200, "total_ms": 0},
          "custom_host": "https://root.example/v1",
          "forward_headers": ["x-root"],
          "strategy": {"mode": "fallback"},
          "targets": [
            {"name": "bare", "provider": "openai"},
            {
              "override_params": {"model": "middle", "b": {"deep": true}},
              "default_params": {"user": "middle"},
              "drop_params": [],
              "retry": {"attempts": 9},
              "timeouts": {"headers_ms": 0, "first_token_ms": 50, "idle_ms": null},
              "request_timeout": 0,
              "custom_host": "",
              "forward_headers": [],
              "strategy": {"mode": "loadbalance"},
              "targets": [
                {"provider": "groq"},
                {
                  "provider": "cohere",
                  "override_params": {"a": 2},
                  "drop_params": ["top_k"],
                  "retry": {"attempts": 0},
                  "request_timeout": 70,
                  "custom_host": "https://leaf.example",
                  "forward_headers": ["x-leaf"]
                }
              ]
            }
          ]
        }
        """;

    private readonly LeafTarget[] _leaves = [.. Configs.Leaves(Configs.Compile(ThreeLevels).Root)];

    [Fact]
    public void Parameters_are_merged_one_level_deep_and_the_child_wins()
    {
        Assert.Equal("""{"model":"root","a":1,"n":null}""", Params(_leaves[0].Settings.OverrideParams));
        Assert.Equal("""{"model":"middle","a":1,"n":null,"b":{"deep":true}}""", Params(_leaves[1].Settings.OverrideParams));
        Assert.Equal("""{"model":"middle","a":2,"n":null,"b":{"deep":true}}""", Params(_leaves[2].Settings.OverrideParams));
        Assert.Equal("""{"seed":1,"user":"root"}""", Params(_leaves[0].Settings.DefaultParams));
        Assert.Equal("""{"seed":1,"user":"middle"}""", Params(_leaves[2].Settings.DefaultParams));
    }

    [Fact]
    public void A_list_of_dropped_parameters_replaces_the_one_above()
    {
        Assert.Equal(["logprobs", "messages[*].name"], _leaves[0].Settings.DropParams.Select(path => path.Text));
        Assert.Empty(_leaves[1].Settings.DropParams);
        Assert.Equal(["top_k"], _leaves[2].Settings.DropParams.Select(path => path.Text));
    }

    [Fact]
    public void Retry_is_replaced_as_a_whole()
    {
        var (root, middle, leaf) = (_leaves[0].Settings.Retry, _leaves[1].Settings.Retry, _leaves[2].Settings.Retry);

        Assert.Equal((3, true), (root.Attempts, root.UseRetryAfter));
        Assert.False(root.OnStatus.Contains(429));
        Assert.Equal((RetryPolicy.MaxAttempts, false), (middle.Attempts, middle.UseRetryAfter));
        Assert.True(middle.OnStatus.Contains(429));
        Assert.Equal(0, leaf.Attempts);
    }

    [Fact]
    public void Every_clock_is_inherited_by_itself()
    {
        Assert.Equal(new Clocks(100, 1000, null, 200, 0), _leaves[0].Settings.Clocks);
        Assert.Equal(new Clocks(100, 0, 50, 200, 0), _leaves[1].Settings.Clocks);
        Assert.Equal(new Clocks(100, 70, 50, 200, 0), _leaves[2].Settings.Clocks);
    }

    [Fact]
    public void Hosts_and_forwarded_headers_are_taken_from_above_where_nothing_is_said()
    {
        Assert.Equal(["https://root.example/v1", "https://root.example/v1", "https://leaf.example"], _leaves.Select(leaf => leaf.Settings.CustomHost));
        Assert.Equal(["x-root"], _leaves[0].Settings.ForwardHeaders);
        Assert.Empty(_leaves[1].Settings.ForwardHeaders);
        Assert.Equal(["x-leaf"], _leaves[2].Settings.ForwardHeaders);
    }

    [Fact]
    public void Keys_names_and_weights_are_not_inherited()
    {
        var plan = Configs.Compile("""{"name":"n","weight":5,"api_key":"sk-1","strategy":{"mode":"loadbalance"},"targets":[{"provider":"openai"}]}""");

        var leaf = Assert.Single(Configs.Leaves(plan.Root));
        Assert.Null(leaf.Name);
        Assert.Equal(1, leaf.Weight);
        Assert.True(leaf.ApiKey.IsEmpty);
        Assert.Equal(("n", 5), (plan.Root.Name, plan.Root.Weight));
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("0.2", 1)]
    [InlineData("1500.5", 1501)]
    [InlineData("1e12", int.MaxValue)]
    public void A_time_limit_of_0_states_nothing(string written, int? expected) =>
        Assert.Equal(expected, Configs.Leaf($$"""{"provider":"openai","request_timeout":{{written}}}""").Settings.Clocks.HeadersMs);

    [Theory]
    [InlineData("""{"customHost":"https://one.example"}""")]
    [InlineData("""{"custom_host":"https://one.example"}""")]
    public void Members_have_two_spellings(string config) => Assert.Equal("https://one.example", Configs.Leaf(config).Settings.CustomHost);

    [Fact]
    public void Camel_case_works_at_every_level()
    {
        var leaf = Configs.Leaf("""{"provider":"openai","apiKey":"sk-1","requestTimeout":5,"timeouts":{"firstTokenMs":7},"retry":{"attempts":2,"useRetryAfterHeader":true},"overrideParams":{"maxTokens":1}}""");

        Assert.Equal("sk-1", leaf.ApiKey.Reveal());
        Assert.Equal(Clocks.Unset with { HeadersMs = 5, FirstTokenMs = 7 }, leaf.Settings.Clocks);
        Assert.True(leaf.Settings.Retry.UseRetryAfter);
        Assert.Equal("""{"maxTokens":1}""", Params(leaf.Settings.OverrideParams)); // what goes to the provider stays as it is
    }

    [Theory]
    [InlineData("""{"provider":"openai","CustomHost":"https://evil.example"}""")]
    [InlineData("""{"provider":"openai","custom-host":"https://evil.example"}""")]
    [InlineData("""{"provider":"openai","customhost":"https://evil.example"}""")]
    public void Other_casings_mean_nothing(string config) => Assert.Null(Configs.Leaf(config).Settings.CustomHost);

    private static string Params(IEnumerable<(string Name, byte[] Json)> all) =>
        "{" + string.Join(",", all.Select(one => $"\"{one.Name}\":{Encoding.UTF8.GetString(one.Json)}")) + "}";
}
