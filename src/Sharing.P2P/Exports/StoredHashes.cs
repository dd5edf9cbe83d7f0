using System.Text.Json.Serialization;

namespace Sharing.P2P;

/// <summary>The record <c>export/{content}</c>.</summary>
/// <param name="Sha256">The SHA-256 of all of it.</param>
/// <param name="TreeRoot">The root of the tree of BEP 52.</param>
/// <param name="PieceLength">Bytes in a piece.</param>
sealed record StoredHashes(byte[] Sha256, byte[] TreeRoot, int PieceLength);

/// <summary>The record <c>export-pieces/{content}</c>, written with the other: what is only needed for the files.</summary>
/// <param name="Sha256">The SHA-256 of each piece.</param>
/// <param name="Sha1">The SHA-1 of each piece.</param>
/// <param name="TreeLayer">The layer of the tree that has a hash for each piece.</param>
sealed record StoredPieces(byte[] Sha256, byte[] Sha1, byte[] TreeLayer);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredHashes))]
[JsonSerializable(typeof(StoredPieces))]
sealed partial class ExportRecords : JsonSerializerContext;
