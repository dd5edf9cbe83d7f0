namespace Sharing.Core;

/// <summary>A chunk, as a view of a transfer shows it.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Source">Who brought it, or is asked for it: the place in <see cref="TransferView.Sources"/>. -1: nobody, or it was here before.</param>
public readonly record struct ChunkView(ChunkState State, short Source);
