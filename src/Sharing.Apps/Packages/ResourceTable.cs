namespace Sharing.Apps;

/// <summary>Looks up the few resources that a manifest names, in the configuration that fits every device where there is one, else in English, else in any.</summary>
/// <remarks>What is missing, damaged or beyond a bound has no value: nothing here keeps a package from being read.</remarks>
sealed class ResourceTable(ResourceBytes table)
{
    const int Pool = 0x0001, Package = 0x0200, Type = 0x0201, MostReferences = 8, MostChunks = 50_000, MostTexts = 64, MostCharacters = 1 << 14;
    const uint Nothing = 0xffffffff;
    int _left = MostChunks, _texts = MostTexts;

    /// <summary>The value of a resource, with references followed; <c>null</c>: it has none here.</summary>
    public XmlValue? Find(uint id)
    {
        XmlValue? value = new(1, id);
        for (var i = 0; value is { IsReference: true } reference; i++)
        {
            value = i < MostReferences ? Entry(reference.Data) : null;
        }

        return value;
    }

    /// <summary>A string of the table; <c>null</c>: it cannot be read.</summary>
    public string? Text(uint index)
    {
        long pool = table.Word(2);
        if (_texts-- <= 0 || table.Word(pool) != Pool || index >= table.Long(pool + 8))
        {
            return null;
        }

        var utf8 = (table.Long(pool + 16) & 0x100) != 0;
        var at = pool + table.Long(pool + 20) + table.Long(pool + table.Word(pool + 2) + (4L * index));
        var some = table.At(at, (int)Math.Clamp(table.Length - at, 0, MostCharacters));
        return StringPool.Decode(some, utf8, MostCharacters);
    }

    XmlValue? Entry(uint id)
    {
        foreach (var (at, end) in Chunks(table.Word(2), table.Length, Package))
        {
            if (table.Long(at + 8) == id >> 24)
            {
                return Entry(at, end, (int)((id >> 16) & 0xff), (int)(id & 0xffff));
            }
        }

        return null;
    }

    XmlValue? Entry(long package, long end, int type, int entry)
    {
        (XmlValue? found, var rank) = (default(XmlValue?), int.MaxValue);
        foreach (var (at, typeEnd) in Chunks(package + table.Word(package + 2), end, Type))
        {
            if (table.At(at + 8, 1) is { Length: 1 } id && id[0] == type && Rank(at + 20) is var here && here < rank && Value(at, typeEnd, entry) is { } value)
            {
                (found, rank) = (value, here);
            }
        }

        return found;
    }

    /// <summary>How well a configuration fits when nothing is known about the device: 0 for the one without conditions.</summary>
    int Rank(long configuration)
    {
        var size = (int)Math.Min(table.Long(configuration), 64);
        var fields = table.At(configuration + 4, size - 4);
        return fields.Length < 8 ? int.MaxValue
            : !fields.ContainsAnyExcept((byte)0) ? 0
            : fields[4] == 0 && fields[5] == 0 ? 1
            : fields[4] == 'e' && fields[5] == 'n' ? 2
            : 3;
    }

    XmlValue? Value(long type, long end, int entry)
    {
        var entries = Offset(type, end, entry);
        var at = type + table.Long(type + 16) + entries;
        if (entries == Nothing || at > end - 8)
        {
            return null;
        }

        var (size, flags) = (table.Word(at), table.Word(at + 2));
        if ((flags & 8) != 0)
        {
            return new((byte)(flags >> 8), table.Long(at + 4)); // compact: the value stands in the entry
        }

        return (flags & 1) != 0 || at + size > end - 8 || table.At(at + size, 8) is not { Length: 8 } value
            ? null
            : new(value[3], table.Long(at + size + 4));
    }

    /// <summary>Where an entry lies among a type's entries.</summary>
    uint Offset(long type, long end, int entry)
    {
        var (flags, count, offsets) = (table.At(type + 9, 1) is { Length: 1 } set ? set[0] : 0, table.Long(type + 12), type + table.Word(type + 2));
        if ((flags & 1) != 0)
        {
            return Sparse(offsets, Math.Min(count, (end - offsets) / 4), entry);
        }

        if (entry >= count)
        {
            return Nothing;
        }

        if ((flags & 2) == 0)
        {
            return table.Long(offsets + (4L * entry));
        }

        var word = table.Word(offsets + (2L * entry));
        return word == 0xffff ? Nothing : 4u * (uint)word;
    }

    uint Sparse(long offsets, long count, int entry)
    {
        var (low, high) = (0L, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var index = table.Word(offsets + (4 * middle));
            if (index == entry)
            {
                return 4u * (uint)table.Word(offsets + (4 * middle) + 2);
            }

            (low, high) = index < entry ? (middle + 1, high) : (low, middle - 1);
        }

        return Nothing;
    }

    IEnumerable<(long At, long End)> Chunks(long at, long end, int type)
    {
        while (at <= end - 8 && _left-- > 0)
        {
            var size = table.Long(at + 4);
            if (size < 8 || size > end - at)
            {
                yield break;
            }

            if (table.Word(at) == type)
            {
                yield return (at, at + size);
            }

            at += size;
        }
    }
}
