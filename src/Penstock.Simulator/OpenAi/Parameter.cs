using System.Globalization;
using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>One top-level parameter: name, kind and range.</summary>
internal sealed record Parameter(string Name, ParameterKind Kind, double? Min = null, double? Max = null)
{
    /// <exception cref="RefusedException">The value is of another kind or out of range.</exception>
    public void Check(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        if (!IsOfKind(value))
        {
            throw new RefusedException(400, $"Invalid type for '{Name}': expected {Expected}, but got {Describe(value)} instead.", Name, "invalid_type");
        }

        if (Kind is not (ParameterKind.Integer or ParameterKind.Number)) return;
        var number = value.GetDouble();
        var noun = Kind == ParameterKind.Integer ? "integer" : "decimal";
        if (number < Min) throw new RefusedException(400, string.Create(CultureInfo.InvariantCulture, $"Invalid '{Name}': {noun} below minimum value. Expected a value >= {Min}, but got {number} instead."), Name, $"{noun}_below_min_value");
        if (number > Max) throw new RefusedException(400, string.Create(CultureInfo.InvariantCulture, $"Invalid '{Name}': {noun} above maximum value. Expected a value <= {Max}, but got {number} instead."), Name, $"{noun}_above_max_value");
    }

    private string Expected => Kind switch
    {
        ParameterKind.Text => "a string",
        ParameterKind.Flag => "a boolean",
        ParameterKind.Integer => "an integer",
        ParameterKind.Number => "a decimal",
        ParameterKind.List => "an array",
        ParameterKind.Map => "an object",
        ParameterKind.TextOrList => "one of a string or array of strings",
        _ => "one of a string or object",
    };

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "an integer" : "a decimal",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };

    private bool IsOfKind(JsonElement value) => Kind switch
    {
        ParameterKind.Text => value.ValueKind == JsonValueKind.String,
        ParameterKind.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ParameterKind.Integer => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Floor(number),
        ParameterKind.Number => value.ValueKind == JsonValueKind.Number,
        ParameterKind.List => value.ValueKind == JsonValueKind.Array,
        ParameterKind.Map => value.ValueKind == JsonValueKind.Object,
        ParameterKind.TextOrList => value.ValueKind is JsonValueKind.String or JsonValueKind.Array,
        _ => value.ValueKind is JsonValueKind.String or JsonValueKind.Object,
    };
}
