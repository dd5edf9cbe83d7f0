using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Sharing.AspNetCore;

/// <summary>Keeps the keys of ASP.NET Core's data protection as records, <c>protection-key/{name}</c>.</summary>
/// <remarks>Thread-safe. The framework asks for them when it starts and once a day, and knows no other way than to wait for the answer.</remarks>
#pragma warning disable VSTHRD002 // the framework's interface knows no other way
sealed partial class RecordKeyRing(IRecordStore records) : IXmlRepository
{
    const string Kind = "protection-key";

    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(async () =>
        await records.ScanAsync(RecordRange.Under(Kind)).Select(static record => XElement.Parse(JsonSerializer.Deserialize(record.Json.Span, KeyJson.Default.KeyRecord)!.Xml)).ToListAsync()).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => Task.Run(async () =>
        await records.CommitAsync(new RecordBatch().Put(
            RecordKey.Of(Kind, friendlyName), JsonSerializer.SerializeToUtf8Bytes(new KeyRecord(element.ToString(SaveOptions.DisableFormatting)), KeyJson.Default.KeyRecord), RecordBatch.Any))).GetAwaiter().GetResult();

    internal sealed record KeyRecord(string Xml);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(KeyRecord))]
    sealed partial class KeyJson : JsonSerializerContext;
}
