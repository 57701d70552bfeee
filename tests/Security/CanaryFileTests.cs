using System.Text.Json.Nodes;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Security.Tests;

/// <summary>
/// A secret in place of every value of a settings file and of a config, in every form: whatever is wrong with it then, no
/// fault shows it. Whoever mistakes one member for another writes his key into the log otherwise.
/// </summary>
public sealed class CanaryFileTests
{
    private static readonly string Secret = Canary.At("file");

    /// <summary>What stands in a value's place. A variable of the environment holds the secret too.</summary>
    public static TheoryData<string> Forms => new(
        $"\"{Secret}\"",
        $"[\"{Secret}\"]",
        $"{{\"a\":\"{Secret}\"}}",
        $"\"{{{Secret}}}\"",
        $"\"https://user:{Canary.Mark}@host\"",
        $"\"https://host/path?key={Canary.Mark}\"",
        $"\"{Secret}\\r\\nX: 1\"",
        "\"${SECRET}\"",
        "\"x${SECRET}\"",
        "\"${SECRET",
        $"n{Secret}",
        $"'{Secret}'");

    [Theory]
    [MemberData(nameof(Forms))]
    public void No_fault_of_a_file_shows_it(string form)
    {
        var count = 0;
        foreach (var text in Mutations(File, form))
        {
            Files.Read(text, out var faults, ("SECRET", Secret));
            Assert.All(faults, fault => Assert.DoesNotContain(Canary.Mark, fault.Describe("f"), StringComparison.OrdinalIgnoreCase));
            count += faults.Length;
        }

        Assert.InRange(count, 10, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void No_fault_of_a_config_shows_it(string form)
    {
        foreach (var text in Mutations(Config, form))
        {
            var faults = new JsonFaults();
            try
            {
                ConfigCompiler.Compile(JsonText.Parse(text).Root, new ConfigScope(Catalogue.BuiltIn, new HostRules([], trustLoopback: false)), faults);
            }
            catch (JsonTextException e)
            {
                Assert.DoesNotContain(Canary.Mark, e.Message, StringComparison.OrdinalIgnoreCase);
            }

            Assert.All(faults.All, fault => Assert.DoesNotContain(Canary.Mark, fault.Message, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The text once for each value in it, objects and lists too, with the form in its place.</summary>
    private static IEnumerable<string> Mutations(string text, string form)
    {
        const string place = "THE PLACE";
        for (var index = 0; ; index++)
        {
            var root = JsonNode.Parse(text)!;
            var at = index;
            if (!Replace(root, ref at, place)) yield break;
            yield return root.ToJsonString().Replace($"\"{place}\"", form, StringComparison.Ordinal);
        }
    }

    private static bool Replace(JsonNode node, ref int index, string with)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                if (index-- == 0)
                {
                    members[name] = with;
                    return true;
                }

                if (value is not null && Replace(value, ref index, with)) return true;
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (index-- == 0)
                {
                    items[i] = with;
                    return true;
                }

                if (items[i] is { } item && Replace(item, ref index, with)) return true;
            }
        }

        return false;
    }

    private const string Config = """
        { "name": "n", "provider": "openai", "api_key": "k", "weight": 1, "openai_organization": "o", "override_params": { "model": "m" }, "default_params": { "n": 1 },
          "drop_params": ["a.b"], "retry": { "attempts": 1, "on_status_codes": [429], "use_retry_after_header": true, "backoff": "exponential" }, "request_timeout": 10,
          "timeouts": { "connect_ms": 1, "idle_ms": 2 }, "cache": { "mode": "simple", "max_age": 1 }, "custom_host": "https://api.example.com/v1", "forward_headers": ["x-a"],
          "strict_open_ai_compliance": true, "virtual_key": "", "prompt_id": "", "input_guardrails": [], "options": false, "on_status_codes": [1],
          "strategy": { "mode": "conditional", "conditions": [ { "query": { "$and": [ { "metadata.a": { "$eq": "x", "$in": ["y"], "$regex": "z", "$gt": 1, "$exists": true, "$not": { "$ne": 1 } } } ] }, "then": "t" } ], "default": "t", "on_status_codes": [500] },
          "targets": [ { "name": "t", "provider": "azure-openai", "resource_name": "r", "deployment_id": "d", "api_version": "v1", "azure_ad_token": "k" }, { "name": "u", "provider": "huggingface", "huggingface_base_url": "https://h.example" } ] }
        """;

    private static readonly string File = $$"""
        { "listen": ["http://localhost:9999"],
          "providers": { "acme": {
              "name": "Acme", "other_names": ["a"], "base_url": "https://{region}.acme.example/v1", "path_prefix": "/p", "proxy_base_url": "https://acme.example", "query": "v={region}",
              "auth": [ { "kind": "header", "name": "x-key", "key_option": "token", "when": "token" }, { "kind": "bearer", "scheme": "Key", "optional": true } ],
              "environment_keys": ["ACME_KEY"], "options": { "region": { "headers": ["x-portkey-region"], "aliases": ["r"], "default": "eu" }, "token": {}, "url": { "url": true } },
              "headers": { "x-region": "{region}" }, "offers": ["chat"], "operations": { "chat": { "path": "/chat", "base_url": "https://b.example", "auth": "bearer", "quirks": { "remove": ["a"] } } },
              "quirks": { "rename": { "a": "b" }, "remove": ["c"], "default": { "d": 1 }, "values": { "e": { "f": "g" } }, "roles": { "h": "i" }, "model_prefix": "j", "model": "{region}" },
              "variants": [ { "when": "region=us", "set": { "base_url": "https://us.example" } } ], "models": ["m"], "retired": "gone" } },
          "configs": { "c": {{Config}} }, "default_config": "c", "trusted_hosts": ["h.example"], "cors_origins": ["https://o.example"],
          "limits": { "json_bytes": 1 }, "timeouts": { "connect_ms": 1 }, "shutdown_grace_ms": 1 }
        """;
}
