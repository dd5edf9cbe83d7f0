using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.Admin;

/// <summary>What a check found, for programs.</summary>
/// <param name="Ok">Whether all is well.</param>
/// <param name="Database">What the database says of itself.</param>
/// <param name="Contents">What was found about contents; the kind "unreferenced" is no fault.</param>
/// <param name="Bytes">What hashing found; <c>null</c>: nothing was hashed.</param>
sealed record CheckReport(bool Ok, IReadOnlyList<string> Database, IReadOnlyList<ContentFinding> Contents, ScrubOutcome? Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CheckReport))]
sealed partial class AdminJson : JsonSerializerContext;
