using System.Text.Json;

namespace Sharing.Apps;

/// <summary>Reads parts of an index that are small enough to be held.</summary>
static class IndexJson
{
    static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a document; a member that is missing, or is something else than it should be, is a fault of the file.</summary>
    /// <exception cref="PackageFormatException">It is damaged, or not what is read of it.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            return read(document.RootElement);
        }
        catch (Exception fault) when (IsFormat(fault))
        {
            throw Damaged(fault);
        }
    }

    /// <summary>Whether that is how the reader says that a document is damaged, or holds something else than was asked for.</summary>
    public static bool IsFormat(Exception fault) => fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException;

    public static PackageFormatException Damaged(Exception? fault = null) => new(PackageFault.Index, "The index is damaged, or does not say what it must.", fault);
}
