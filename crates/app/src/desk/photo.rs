//! A photo somebody sends: looked at, turned upright, made smaller and written anew, so that place, time, device and whatever else lay in the
//! file are gone.

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Bytes of one photo as it is sent, at most.
pub const BYTES_MAX: usize = 12 << 20;

/// Photos of one complaint, at most.
pub const MOST: usize = 3;

/// Longer side of what is kept, pixels: a sign board can be read.
const SIDE: u32 = 1_600;

/// Longer side of what is looked at, pixels. A phone's camera makes no more.
const SIDE_MAX: u32 = 16_384;

/// Memory a photo may take while it is looked at, bytes.
const MEMORY_MAX: u64 = 256 << 20;

/// Quality of what is kept, of a hundred.
const QUALITY: u8 = 80;

/// Why something is no photo we keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPhoto {
    /// Neither JPEG nor PNG, or damaged.
    Kind,
    /// Too many bytes or pixels.
    Large,
}

/// The photo as it is kept: JPEG, no side longer than 1,600 pixels, without anything but its picture.
///
/// # Errors
/// [`NoPhoto`] where it is none, or too large.
pub fn cleaned(bytes: &[u8]) -> Result<Vec<u8>, NoPhoto> {
    if bytes.len() > BYTES_MAX {
        return Err(NoPhoto::Large);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| NoPhoto::Kind)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
        return Err(NoPhoto::Kind);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let amiss = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => NoPhoto::Large,
        _ => NoPhoto::Kind,
    };
    let mut decoder = reader.into_decoder().map_err(amiss)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(amiss)?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&picture.to_rgb8()).map_err(amiss)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A photo of some size, with a place and a camera written into it as phones do.
    fn photo(width: u32, height: u32, turned: u8) -> Vec<u8> {
        let picture =
            image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&picture).unwrap();
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([turned, 0, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"KAMERA PAK TARNO -1.6101,103.6131");
        let mut out = vec![0xFF, 0xD8, 0xFF, 0xE1];
        out.extend((exif.len() as u16 + 2).to_be_bytes());
        out.extend(exif);
        out.extend(&jpeg[2..]);
        out
    }

    #[test]
    fn nothing_but_the_picture_is_kept_and_it_stands_upright() {
        let sent = photo(400, 200, 6);
        assert!(sent.windows(16).any(|w| w == b"KAMERA PAK TARNO"));
        let kept = cleaned(&sent).unwrap();
        assert!(!kept.windows(6).any(|w| w == b"KAMERA") && !kept.windows(4).any(|w| w == b"Exif"));
        let picture = image::load_from_memory(&kept).unwrap();
        assert_eq!((picture.width(), picture.height()), (200, 400), "turned as the phone was held");
        let large = image::load_from_memory(&cleaned(&photo(3_200, 1_000, 1)).unwrap()).unwrap();
        assert_eq!((large.width(), large.height()), (1_600, 500));
    }

    #[test]
    fn what_is_no_photo_is_told_so() {
        assert_eq!(cleaned(b"%PDF-1.7"), Err(NoPhoto::Kind));
        assert_eq!(cleaned(&photo(40, 40, 1)[..200]), Err(NoPhoto::Kind));
        assert_eq!(cleaned(&vec![0; BYTES_MAX + 1]), Err(NoPhoto::Large));
        // A few bytes that claim to be a picture of four thousand million pixels.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xFF\xFF\0\0\xFF\xFF\x08\x02\0\0\0".to_vec();
        png.extend(crc(&png[12..29]).to_be_bytes());
        assert!(cleaned(&png).is_err());
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |mut c, b| {
            c ^= u32::from(*b);
            (0..8).for_each(|_| c = if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 });
            c
        })
    }
}
