using System.Text;
using Penstock.Snapshot;

namespace Penstock.Fuzz.Tests.Snapshot;

/// <summary>Any text as penstock.json is a snapshot, or faults with their places; a value of the environment is in none of them.</summary>
public sealed class SettingsFuzz
{
    private const string Secret = "s3cr3t-value-of-the-environment";

    private static readonly string[] Rows =
    [
        """{"base_url":"https://api.example.com/v1"}""",
        """{"base_url":"https://{region}.example.com","options":{"region":{"headers":["x-region"],"default":"eu"}},"auth":{"kind":"header","name":"x-key"}}""",
        """{"base_url":"${URL}","models":["m"],"quirks":{"rename":{"a":"b.c"},"remove":["x"],"default":{"y":1},"values":{"t":{"p":"q"}},"roles":{"developer":"system"},"model_prefix":"z."}}""",
        """{"base_url":"{url}","options":{"url":{"url":true}},"operations":{"chat":{"path":"/c/{model}?v={url}"}},"offers":["chat"],"headers":{"x-a":"{url}"},"query":"v=1"}""",
        """{"base_url":"https://a.example","variants":[{"option":"v","values":["1"],"base_url":"https://b.example"}],"options":{"v":{}},"path_prefix":"/p","proxy_base_url":"https://c.example"}""",
    ];

    [Fact]
    public Task Any_text_is_a_snapshot_or_has_faults_with_places() => new FuzzTarget<byte[]>(Create, Check, Shrink.Bytes, json => Show.Bytes(json), 800).RunAsync();

    private static byte[] Create(Dice dice)
    {
        var members = new List<string>();
        if (dice.OneIn(2)) members.Add($"\"providers\":{{\"mine\":{dice.Pick(Rows)},\"{dice.Pick("openai", "other", "Bad Id", "x.y")}\":{dice.Pick(Rows)}}}");
        if (dice.OneIn(2)) members.Add($"\"configs\":{{\"one\":{new ConfigGrammar(dice).Write()}}}");
        if (dice.OneIn(3)) members.Add($"\"default_config\":{dice.Pick("\"one\"", "\"two\"", "{\"provider\":\"${NAME}\"}", "{\"provider\":\"openai\",\"api_key\":\"${KEY}\"}")}");
        if (dice.OneIn(3)) members.Add($"\"listen\":{dice.Pick("\"http://localhost:8787\"", "[\"http://*:1\",\"${KEY}\"]", "\"https://x\"", "[]")}");
        if (dice.OneIn(3)) members.Add($"\"trusted_hosts\":{dice.Pick("[\"a.example\",\"*.b.example:80\"]", "[\"${KEY}\"]", "[\"$${x}\"]")}");
        if (dice.OneIn(3)) members.Add($"\"cors_origins\":{dice.Pick("[\"*\"]", "[\"https://app.example.org\"]", "[\"https://app.example.org/\"]")}");
        if (dice.OneIn(3)) members.Add("\"limits\":{\"json_bytes\":1000,\"replay_bytes\":0}");
        if (dice.OneIn(3)) members.Add("\"timeouts\":{\"idle_ms\":5,\"total_ms\":null}");
        if (dice.OneIn(3)) members.Add("\"shutdown_grace_ms\":100");
        var json = Encoding.UTF8.GetBytes("{ // mine\n" + string.Join(",\n", members) + "\n}");
        return dice.OneIn(4) ? json : JsonMutator.Change(dice, json);
    }

    private static void Check(byte[] json)
    {
        var snapshot = SnapshotReader.Read(json, Variable, out var faults);
        Assert.Equal(snapshot is null, faults.Length > 0);
        var lines = json.Count(one => one is (byte)'\n' or (byte)'\r') + 1;
        foreach (var fault in faults)
        {
            Assert.InRange(fault.Line, 1, lines);
            Assert.InRange(fault.Column, 1, json.Length + 1);
            Assert.NotEmpty(fault.Message);
            Assert.DoesNotContain(Secret[..7], fault.Describe("penstock.json"), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(faults.OrderBy(fault => (fault.Line, fault.Column)), faults);
        if (snapshot is null) return;
        Assert.All(snapshot.Catalogue.Rows, row => Assert.NotNull(row.Addresses));
        Assert.All(snapshot.SavedPlans, saved => Assert.NotNull(saved.Value.Root));
    }

    private static string? Variable(string name) => name switch
    {
        "KEY" => Secret,
        "URL" => "https://url.example/v1",
        _ => null,
    };
}
