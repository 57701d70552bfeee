using System.Globalization;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Writes configs that are valid, of every member that a config may have.</summary>
internal sealed class ConfigGrammar(Dice dice)
{
    private static readonly string[] Patterns = ["^gpt-4", "a|b", "[0-9]{2,5}x?", "(?i)pro", "\\\\bteam\\\\b", "^(a+)+$", "é+", ".*x.*y.*z"];

    private static readonly string[] Facts =
        ["metadata.plan", "metadata.a.b", "params.model", "params.messages.0.role", "params.a", "headers.x-team", "url.pathname", "params.max_tokens", "params." + new string('é', 2_000)];

    private static readonly string[] Literals = ["\"pro\"", "\"gpt-4o\"", "1", "1.0", "-2e3", "null", "true", "false", "\"\"", "\"é\"", "123456789012345678901"];

    private readonly JsonGrammar _json = new(dice) { EscapesNames = false, RepeatsNames = false };

    private int _backtracking;

    /// <summary>Providers that may be named.</summary>
    public string[] Providers { get; init; } = ["openai", "groq", "anthropic", "mistral-ai"];

    /// <summary>Members for routing only: nothing that waits, and no other host.</summary>
    public bool IsQuick { get; init; }

    public string Write() => Node(depth: 0);

    private string Node(int depth)
    {
        var members = new List<string>();
        if (depth < 3 && dice.OneIn(depth == 0 ? 2 : 3)) AddTargets(members, depth);
        else if (depth > 0 || dice.OneIn(2)) members.Add($"\"provider\":\"{dice.Pick(Providers)}\"");
        else members.Add("\"override_params\":{}");
        AddSettings(members);
        for (var i = members.Count - 1; i > 0; i--)
        {
            var other = dice.Below(i + 1);
            (members[i], members[other]) = (members[other], members[i]);
        }

        return "{" + string.Join(',', members) + "}";
    }

    private void AddTargets(List<string> members, int depth)
    {
        var count = 1 + dice.Below(3);
        var mode = dice.Pick("single", "fallback", "loadbalance", "conditional");
        var targets = Enumerable.Range(0, count).Select(i =>
        {
            var target = Node(depth + 1);
            return target.Insert(1, $"\"name\":\"t{i}\"{(target == "{}" ? "" : ",")}");
        }).ToArray();
        members.Add($"\"targets\":[{string.Join(',', targets)}]");
        var strategy = new List<string> { $"\"mode\":\"{mode}\"" };
        if (dice.OneIn(2)) strategy.Add("\"on_status_codes\":" + Statuses());
        if (mode == "conditional")
        {
            strategy.Add($"\"conditions\":[{string.Join(',', Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => $$"""{"query":{{Query(2)}},"then":"t{{dice.Below(count)}}"}"""))}]");
            if (dice.OneIn(2)) strategy.Add($"\"default\":\"t{dice.Below(count)}\"");
        }

        members.Add($"\"strategy\":{{{string.Join(',', strategy)}}}");
    }

    private void AddSettings(List<string> members)
    {
        Add(3, "api_key", () => "\"sk-1\"");
        Add(4, "weight", () => dice.Pick("1", "0.5", "3", "1e3"));
        Add(4, "default_params", () => Text(_json.Object(2)));
        Add(5, "drop_params", () => dice.Pick("[]", "[\"a\"]", "[\"a.b\",\"messages[*].name\",\"b[0]\"]", "[\"['x y'].c\"]"));
        Add(8, "forward_headers", () => dice.Pick("[]", "[\"x-a\",\"X-B\"]"));
        Add(8, "strict_open_ai_compliance", () => dice.Pick("true", "false"));
        Add(8, "cache", () => dice.Pick("{\"mode\":\"simple\"}", "{\"mode\":\"semantic\",\"max_age\":60}"));
        Add(40, "unknown_" + new string('x', dice.Pick(60, 70, 3_000)), () => "{\"a\":1}");
        Add(8, "unknown_member", () => Text(_json.Value(2)));
        Add(10, "input_guardrails", () => "[]");
        Add(10, "virtual_key", () => "\"\"");
        if (IsQuick) return;
        Add(4, dice.Pick("request_timeout", "requestTimeout"), () => dice.Pick("0", "1000", "30000.5"));
        Add(6, "timeouts", () => $$"""{"connect_ms":{{dice.Below(10_000)}},"idle_ms":null}""");
        Add(4, "retry", () => $$"""{"attempts":{{dice.Below(9)}},"on_status_codes":{{Statuses()}},"use_retry_after_header":true}""");
        Add(8, dice.Pick("custom_host", "customHost"), () => "\"https://api.example.com/v1\"");

        void Add(int oneIn, string name, Func<string> value)
        {
            if (dice.OneIn(oneIn)) members.Add($"\"{name}\":{value()}");
        }
    }

    private string Query(int depth)
    {
        var parts = Enumerable.Range(0, dice.Below(3)).Select(_ => dice.Below(depth <= 0 ? 3 : 6) switch
        {
            3 => $"\"$and\":[{string.Join(',', Enumerable.Range(0, dice.Below(3)).Select(_ => Query(depth - 1)))}]",
            4 => $"\"$or\":[{string.Join(',', Enumerable.Range(0, dice.Below(3)).Select(_ => Query(depth - 1)))}]",
            5 => $"\"$not\":{Query(depth - 1)}",
            _ => $"\"{dice.Pick(Facts)}\":{Test(depth)}",
        });
        return "{" + string.Join(',', parts.DistinctBy(part => part[..part.IndexOf(':', StringComparison.Ordinal)])) + "}";
    }

    private string Test(int depth)
    {
        if (dice.OneIn(3)) return dice.OneIn(10) ? "[]" : dice.Pick(Literals);
        var parts = Enumerable.Range(0, dice.Below(3)).Select(_ => dice.Below(depth <= 0 ? 5 : 6) switch
        {
            0 => $"\"{dice.Pick("$eq", "$ne")}\":{dice.Pick(Literals)}",
            1 => $"\"{dice.Pick("$in", "$nin")}\":[{string.Join(',', Enumerable.Range(0, dice.Below(3)).Select(_ => dice.Pick(Literals)))}]",
            2 => $"\"{dice.Pick("$gt", "$gte", "$lt", "$lte")}\":{dice.Pick("1", "-2.5", "\"12abc\"", "1e9")}",
            3 => $"\"$regex\":\"{Pattern()}\"",
            4 => $"\"$exists\":{dice.Pick("true", "false")}",
            _ => $"\"$not\":{Test(0) switch { ['{', ..] test => test, _ => "{}" }}",
        });
        return "{" + string.Join(',', parts.DistinctBy(part => part[..part.IndexOf(':', StringComparison.Ordinal)])) + "}";
    }

    /// <summary>Few that need the engine with backtracking: there is a limit to them.</summary>
    private string Pattern() => _backtracking < 8 && dice.OneIn(20) && ++_backtracking > 0 ? "(?=a)b\\\\1(c)" : dice.Pick(Patterns);

    private string Statuses() => $"[{string.Join(',', Enumerable.Range(0, dice.Below(4)).Select(_ => dice.Between(100, 599).ToString(CultureInfo.InvariantCulture)))}]";

    private static string Text(byte[] utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
