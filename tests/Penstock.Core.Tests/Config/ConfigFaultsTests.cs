using System.Text;

namespace Penstock.Core.Tests.Config;

/// <summary>What is wrong with a config, with the place of each fault.</summary>
public sealed class ConfigFaultsTests
{
    [Fact]
    public void A_long_key_is_cut_in_the_paths_below_it()
    {
        var faults = Configs.Faults($$$"""{"strategy":{"mode":"conditional","conditions":[{"query":{"params.{{{new string('x', 10_000)}}}":{"$a":1,"$b":1}},"then":"t"}]},"targets":[{"name":"t","provider":"openai"}]}""");

        Assert.Equal(2, faults.Count);
        Assert.All(faults, fault => Assert.InRange(fault.Path.Length, 30, 300));
    }

    [Fact]
    public void A_long_name_is_not_held_against_every_known_one()
    {
        var name = new string('x', 100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var faults = Configs.Faults($$"""{"provider":"{{name}}"}""");

        Assert.Contains("Unknown provider", Assert.Single(faults).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Only_so_many_dropped_paths_go_below_the_top_level(int count, bool isGood)
    {
        string[] paths = [.. Enumerable.Range(0, count).Select(i => $"\"a[{i}]\""), .. Enumerable.Range(0, 100).Select(i => $"\"top{i}\"")];
        var faults = Configs.Faults($$"""{"provider":"openai","drop_params":[{{string.Join(',', paths)}}]}""");

        Assert.Equal(isGood ? [] : ["drop_params"], faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("[]", "", "an object was expected, not an array")]
    [InlineData("\"pc-1\"", "", "an object was expected")]
    [InlineData("null", "", "not null")]
    [InlineData("{}", "", "says nothing")]
    [InlineData("""{"colour":"red"}""", "", "says nothing")]
    [InlineData("""{"id":"pc-1","name":"x","weight":1}""", "", "says nothing")]
    [InlineData("""{"options":[{"provider":"openai"}]}""", "options", "older config format")]
    [InlineData("""{"provider":"groqq"}""", "provider", "unknown provider 'groqq'")]
    [InlineData("""{"provider":5}""", "provider", "a string was expected, not a number")]
    [InlineData("""{"provider":"openai","api_key":null}""", "api_key", "a string was expected, not null")]
    [InlineData("""{"provider":"openai","api_key":"sk-\r\nx: y"}""", "api_key", "control characters")]
    [InlineData("""{"provider":"@team-key"}""", "provider", "stores none")]
    [InlineData("""{"provider":"openai","name":3}""", "name", "a string")]
    [InlineData("""{"targets":[{"virtual_key":"vk"}]}""", "targets,0,virtual_key", "stores none")]
    [InlineData("""{"virtualKey":"vk"}""", "virtualKey", "stores none")]
    [InlineData("""{"prompt_id":"pp-1"}""", "prompt_id", "stores none")]
    [InlineData("""{"override_params":{"model":"@team/gpt-4o"}}""", "override_params", "stores none")]
    [InlineData("""{"default_params":{"model":"@team/gpt-4o"}}""", "default_params", "stores none")]
    [InlineData("""{"input_guardrails":["pg-1"]}""", "input_guardrails", "guardrails are not supported in this version")]
    [InlineData("""{"output_guardrails":[{"default.contains":{}}]}""", "output_guardrails", "guardrails are not supported")]
    [InlineData("""{"provider":"openai","before_request_hooks":[{}]}""", "before_request_hooks", "guardrails are not supported")]
    [InlineData("""{"provider":"openai","afterRequestHooks":[{}]}""", "afterRequestHooks", "guardrails are not supported")]
    [InlineData("""{"provider":"openai","input_mutators":[{}]}""", "input_mutators", "guardrails are not supported")]
    [InlineData("""{"provider":"openai","output_mutators":[{}]}""", "output_mutators", "guardrails are not supported")]
    [InlineData("""{"provider":"openai","default_input_guardrails":[{}]}""", "default_input_guardrails", "guardrails are not supported")]
    [InlineData("""{"provider":"openai","default_output_guardrails":[{}]}""", "default_output_guardrails", "guardrails are not supported")]
    [InlineData("""{"provider":"openai","input_guardrails":"pg-1"}""", "input_guardrails", "an array")]
    [InlineData("""{"provider":"openai","weight":-1}""", "weight", "from 0")]
    [InlineData("""{"provider":"openai","weight":1e999}""", "weight", "from 0")]
    [InlineData("""{"provider":"openai","weight":"70"}""", "weight", "a number")]
    [InlineData("""{"cache":"simple"}""", "cache", "an object")]
    [InlineData("""{"cache":{}}""", "cache,mode", "'simple' or 'semantic'")]
    [InlineData("""{"cache":{"mode":"fast"}}""", "cache,mode", "unknown cache mode 'fast'")]
    [InlineData("""{"cache":{"mode":"simple","maxAge":"1h"}}""", "cache,maxAge", "a number")]
    [InlineData("""{"retry":3}""", "retry", "an object")]
    [InlineData("""{"retry":{}}""", "retry,attempts", "from 0 to 5")]
    [InlineData("""{"retry":{"attempts":-1}}""", "retry,attempts", "from 0")]
    [InlineData("""{"retry":{"attempts":1.5}}""", "retry,attempts", "a whole number")]
    [InlineData("""{"retry":{"attempts":"5"}}""", "retry,attempts", "a number")]
    [InlineData("""{"retry":{"attempts":1,"on_status_codes":429}}""", "retry,on_status_codes", "an array")]
    [InlineData("""{"retry":{"attempts":1,"onStatusCodes":[429,99]}}""", "retry,onStatusCodes,1", "100 to 599")]
    [InlineData("""{"retry":{"attempts":1,"on_status_codes":[600]}}""", "retry,on_status_codes,0", "100 to 599")]
    [InlineData("""{"retry":{"attempts":1,"on_status_codes":[429.5]}}""", "retry,on_status_codes,0", "100 to 599")]
    [InlineData("""{"retry":{"attempts":1,"use_retry_after_header":"yes"}}""", "retry,use_retry_after_header", "true or false")]
    [InlineData("""{"retry":{"attempts":1,"use_retry_after_header":true,"use_retry_after_headers":true}}""", "retry,use_retry_after_headers", "once")]
    [InlineData("""{"retry":{"attempts":1,"backoff":"linear"}}""", "retry,backoff", "unknown backoff 'linear'")]
    [InlineData("""{"provider":"openai","on_status_codes":["500"]}""", "on_status_codes,0", "an http status")]
    [InlineData("""{"request_timeout":"10s"}""", "request_timeout", "a number")]
    [InlineData("""{"request_timeout":-5}""", "request_timeout", "from 0")]
    [InlineData("""{"timeouts":5}""", "timeouts", "an object")]
    [InlineData("""{"timeouts":{"connect_ms":-1}}""", "timeouts,connect_ms", "milliseconds")]
    [InlineData("""{"timeouts":{"idle_ms":1.5}}""", "timeouts,idle_ms", "milliseconds")]
    [InlineData("""{"timeouts":{"total_ms":99999999999}}""", "timeouts,total_ms", "2147483647")]
    [InlineData("""{"timeouts":{"header_ms":1}}""", "timeouts,header_ms", "unknown clock 'header_ms'")]
    [InlineData("""{"request_timeout":1,"timeouts":{"headers_ms":2}}""", "timeouts,headers_ms", "the same clock")]
    [InlineData("""{"provider":"openai","custom_host":"not a url"}""", "custom_host", "the custom host")]
    [InlineData("""{"provider":"openai","customHost":"not a url"}""", "customHost", "the custom host")]
    [InlineData("""{"provider":"openai","custom_host":"https://a.example","customHost":"https://b.example"}""", "customHost", "the same member")]
    [InlineData("""{"provider":"openai","forward_headers":"x-a"}""", "forward_headers", "an array")]
    [InlineData("""{"provider":"openai","forward_headers":["x-a",5]}""", "forward_headers,1", "a string")]
    [InlineData("""{"provider":"openai","forward_headers":["X-Portkey-Forward-Headers"]}""", "forward_headers,0", "cannot forward itself")]
    [InlineData("""{"provider":"openai","forward_headers":["x a"]}""", "forward_headers,0", "name of a request header")]
    [InlineData("""{"provider":"openai","strict_open_ai_compliance":"false"}""", "strict_open_ai_compliance", "true or false")]
    [InlineData("""{"provider":"openai","override_params":[]}""", "override_params", "an object")]
    [InlineData("""{"provider":"openai","default_params":true}""", "default_params", "an object")]
    [InlineData("""{"provider":"openai","drop_params":"user"}""", "drop_params", "an array")]
    [InlineData("""{"provider":"openai","drop_params":["user","a..b"]}""", "drop_params,1", "a name was expected")]
    [InlineData("""{"strategy":{"mode":"fallback"}}""", "strategy", "there are none")]
    [InlineData("""{"strategy":{"mode":"fallback"},"retry":{"attempts":1}}""", "strategy", "there are none")]
    [InlineData("""{"strategy":{},"targets":[{"provider":"openai"}]}""", "strategy,mode", "'single', 'fallback', 'loadbalance', 'conditional'")]
    [InlineData("""{"strategy":"fallback","targets":[{"provider":"openai"}]}""", "strategy", "an object")]
    [InlineData("""{"strategy":{"mode":1},"targets":[{"provider":"openai"}]}""", "strategy,mode", "a string")]
    [InlineData("""{"strategy":{"mode":"load-balancing"},"targets":[{"provider":"openai"}]}""", "strategy,mode", "did you mean 'loadbalance'?")]
    [InlineData("""{"strategy":{"mode":"Fallbacks"},"targets":[{"provider":"openai"}]}""", "strategy,mode", "did you mean 'fallback'?")]
    [InlineData("""{"strategy":{"mode":"random"},"targets":[{"provider":"openai"}]}""", "strategy,mode", "the modes are")]
    [InlineData("""{"strategy":{"mode":"fallback","on_status_codes":[0]},"targets":[{"provider":"openai"}]}""", "strategy,on_status_codes,0", "100 to 599")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":[]}""", "targets", "at least one")]
    [InlineData("""{"targets":[]}""", "targets", "at least one")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":{}}""", "targets", "an array")]
    [InlineData("""{"targets":[{"provider":"openai"},{"provider":"groq"}]}""", "strategy", "several targets need a strategy")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":["openai"]}""", "targets,0", "an object")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":[{"provider":"openai"},{"api_key":"x"}]}""", "targets,1", "names no provider")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":[{"provider":"openai"},{}]}""", "targets,1", "names no provider")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":[{"targets":[{"provider":"nobody"}]}]}""", "targets,0,targets,0,provider", "unknown provider 'nobody'")]
    [InlineData("""{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"openai","weight":0}]}""", "targets", "weight 0")]
    [InlineData("""{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"openai","weight":1e308},{"provider":"groq","weight":1e308}]}""", "targets", "too large")]
    [InlineData("""{"provider":"azure-ai","azure_foundry_url":"nowhere"}""", "azure_foundry_url", "the option 'azure_foundry_url'")]
    [InlineData("""{"azureFoundryUrl":"nowhere"}""", "azureFoundryUrl", "the option")]
    [InlineData("""{"provider":"azure-openai","resource_name":["r"]}""", "resource_name", "a string")]
    [InlineData("""{"provider":"azure-openai","resource_name":"r\n"}""", "resource_name", "control characters")]
    [InlineData("""{"provider":"azure-openai","resource_name":"a","azureResourceName":"b"}""", "azureResourceName", "the same option")]
    public void Names_the_fault_and_its_place(string config, string path, string message)
    {
        var fault = Assert.Single(Configs.Faults(config));

        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Lists_every_fault_at_once()
    {
        var faults = Configs.Faults(
            """
            {
              "retry": {"attempts": -1, "on_status_codes": [1]},
              "strategy": {"mode": "conditional", "conditions": [{"query": {"metadata.a": {"$like": "x"}}, "then": "nobody"}], "default": "b"},
              "targets": [
                {"name": "a", "provider": "nobody", "weight": "x"},
                {"name": "c", "api_key": 5}
              ]
            }
            """);

        Assert.Equal(
            [
                "retry,attempts",
                "retry,on_status_codes,0",
                "strategy,conditions,0,query,metadata.a,$like",
                "strategy,conditions,0,then",
                "strategy,default",
                "targets,0,provider",
                "targets,0,weight",
                "targets,1",
                "targets,1,api_key",
            ],
            faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Begins_paths_where_the_config_stands() => Assert.Equal(
        ["configs,mine", "configs,mine,targets,0,cache"],
        [Configs.Faults("{}", "configs,mine")[0].Path, Configs.Faults("""{"targets":[{"provider":"openai","cache":1}]}""", "configs,mine")[0].Path]);

    [Fact]
    public void Never_repeats_a_key()
    {
        var faults = Configs.Faults("""{"provider":"openai","api_key":"sk-secret\u0001","targets":"sk-secret","custom_host":5,"name":["sk-secret"]}""");

        Assert.Equal(4, faults.Count);
        Assert.DoesNotContain(faults, fault => fault.Message.Contains("sk-secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 1)]
    public void Nests_sixteen_levels(int levels, int expected)
    {
        var config = "{\"provider\":\"openai\"}";
        for (var i = 0; i < levels; i++) config = $$"""{"targets":[{{config}}]}""";

        var faults = Configs.Faults(config);

        Assert.Equal(expected, faults.Count);
        Assert.All(faults, fault => Assert.Contains("16 levels", fault.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(256, 0)]
    [InlineData(257, 1)]
    public void Has_at_most_256_leaves(int leaves, int expected)
    {
        var config = new StringBuilder("""{"strategy":{"mode":"loadbalance"},"targets":[""");
        config.AppendJoin(',', Enumerable.Repeat("""{"provider":"openai"}""", leaves)).Append("]}");

        var faults = Configs.Faults(config.ToString());

        Assert.Equal(expected, faults.Count);
        Assert.All(faults, fault => Assert.Contains("at most 256", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_operator_may_name_any_host_but_no_nonsense()
    {
        var leaf = Configs.Leaf("""{"provider":"openai","custom_host":"http://169.254.169.254:8000"}""", isOperators: true);

        Assert.Equal("http://169.254.169.254:8000", leaf.Settings.CustomHost);
        Assert.Equal("custom_host", Assert.Single(Configs.Faults("""{"provider":"openai","custom_host":"ftp://a.example"}""", isOperators: true)).Path);
    }
}
