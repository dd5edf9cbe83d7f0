namespace Sharing.Core;

/// <summary>What a sweep did.</summary>
/// <param name="Deleted">Contents deleted, those included whose deletion an earlier sweep had begun.</param>
/// <param name="Failed">Contents whose bytes could not be deleted; the next sweep tries again.</param>
/// <param name="Bytes">The length of the deleted ones together.</param>
/// <param name="Adopted">Contents without a record, which are condemned from now on.</param>
/// <param name="PartialsDropped">Partial contents that nobody went on with.</param>
/// <param name="Capped">Whether more was due than one sweep deletes while it cannot trust the clock; the next goes on.</param>
public sealed record SweepOutcome(int Deleted, int Failed, long Bytes, int Adopted, int PartialsDropped, bool Capped);
