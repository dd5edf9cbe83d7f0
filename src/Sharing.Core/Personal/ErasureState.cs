using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>How far the erasure of a person is.</summary>
/// <param name="Since">When it was asked for.</param>
/// <param name="WaitsFor">The parts in which something is left, as of the last time they were asked.</param>
/// <param name="Done">When nothing was left any more; <c>null</c>: it is under way.</param>
public sealed record ErasureState(DateTimeOffset Since, IReadOnlyList<string> WaitsFor, DateTimeOffset? Done = null);

/// <summary>The record <c>erasure/{hash of the person}</c>: it stays, and tells whoever restores an older copy of the records whom not to bring back.</summary>
/// <param name="Person">Whose, until it is done.</param>
/// <param name="State">How far.</param>
sealed record StoredErasure(PersonId? Person, ErasureState State);

/// <summary>What is told at the beginning of an archive.</summary>
/// <param name="Person">Whose data.</param>
/// <param name="At">As of when.</param>
/// <param name="Parts">The folders that there can be.</param>
sealed record ArchiveHead(PersonId Person, DateTimeOffset At, IReadOnlyList<string> Parts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredErasure))]
[JsonSerializable(typeof(ArchiveHead))]
[JsonSerializable(typeof(PersonalUpload))]
[JsonSerializable(typeof(PersonalRelationship))]
[JsonSerializable(typeof(PersonalSpace))]
sealed partial class PersonalJson : JsonSerializerContext;
